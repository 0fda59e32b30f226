import { bodhiUpdateCompleteStable } from './bodhi-update-complete-stable/translate.ts';
import { freshmakerAnnouncement } from './freshmaker-announcement/translate.ts';
import { cancelOrder, manualOrder } from './freshmaker-order/translate.ts';
import { gitReceive } from './git-receive/translate.ts';
import { brewBuild, kojiBuildStateChange } from './koji-build-state-change/translate.ts';
import { kojiImportCg } from './koji-import-cg/translate.ts';
import { kojiRpmSign } from './koji-rpm-sign/translate.ts';
import { brewTag, kojiTag } from './koji-tag/translate.ts';
import { brewTask, kojiTaskStateChange } from './koji-task-state-change/translate.ts';
import { mbsModuleStateChange } from './mbs-module-state-change/translate.ts';
import { odcsCompose } from './odcs-compose/translate.ts';
import { pagureGitReceive } from './pagure-git-receive/translate.ts';
import type { Topic } from './topic.ts';

/** Every topic we read: a new one is a folder and a line here. No two cover the same topic. */
export const topics: ReadonlyArray<Topic> = [
  bodhiUpdateCompleteStable,
  brewBuild,
  brewTag,
  brewTask,
  cancelOrder,
  freshmakerAnnouncement,
  gitReceive,
  kojiBuildStateChange,
  kojiImportCg,
  kojiRpmSign,
  kojiTag,
  kojiTaskStateChange,
  manualOrder,
  mbsModuleStateChange,
  odcsCompose,
  pagureGitReceive,
];
