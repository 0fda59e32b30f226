import type { Question } from '../../domain/reconcile/vocabulary.ts';
import { askOpenComposes } from './ask-composes.ts';
import { askFinishedImages } from './ask-images.ts';
import { askMessages } from './ask-messages.ts';
import { askReadyModules } from './ask-modules.ts';
import { askOwnComposes } from './ask-own-composes.ts';
import { askRunningImages, askRunningModules } from './ask-running.ts';
import { askOwnTasks } from './ask-tasks.ts';
import type { ReconcileDeps } from './deps.ts';
import type { Answer, Ask, Course } from './question.ts';

const asks: ReadonlyArray<readonly [Question, Ask]> = [
  ['missed-messages', askMessages],
  ['running-modules', askRunningModules],
  ['running-images', askRunningImages],
  ['ready-modules', askReadyModules],
  ['finished-images', askFinishedImages],
  ['own-tasks', askOwnTasks],
  ['open-composes', askOpenComposes],
  ['own-composes', askOwnComposes],
];

export type Asked = { readonly question: Question; readonly answer: Answer };

/** Puts every question, one after another; one that fails does not stop the others. */
export const askAll = async (
  deps: ReconcileDeps,
  course: Course,
): Promise<ReadonlyArray<Asked>> => {
  const asked: Array<Asked> = [];
  for (const [question, ask] of asks) {
    if (course.signal.aborted) break;
    const answer = await ask(deps, course);
    if (answer === undefined) continue;
    asked.push({ question, answer });
    deps.progress?.(question, answer.failure ?? answer.count);
  }
  return asked;
};
