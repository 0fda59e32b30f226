import { buildsProjector } from './builds/project.ts';
import { composesProjector } from './composes/project.ts';
import { decisionsProjector } from './decisions/project.ts';
import { eventsProjector } from './events/project.ts';
import { figuresProjector } from './figures/project.ts';
import { imageIndexProjector } from './image-index/project.ts';
import { imagesProjector } from './images/project.ts';
import { messagesProjector } from './messages/project.ts';
import { moduleIndexProjector } from './module-index/project.ts';
import { openWork } from './open-work/project.ts';
import type { Projector } from './projector.ts';
import { reconciliationsProjector } from './reconciliations/project.ts';
import { sourcesProjector } from './sources/project.ts';

/** Every model that is told from the log. */
export const projectors: ReadonlyArray<Projector> = [
  eventsProjector,
  buildsProjector,
  decisionsProjector,
  messagesProjector,
  sourcesProjector,
  moduleIndexProjector,
  imageIndexProjector,
  imagesProjector,
  composesProjector,
  reconciliationsProjector,
  figuresProjector,
  openWork,
];
