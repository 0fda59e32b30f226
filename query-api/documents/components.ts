import { aboutSchema } from '../about.ts';
import { attemptsSchema, buildListSchema, buildSchema } from '../builds/schema.ts';
import { composeListSchema, composeSchema } from '../composes/schema.ts';
import { decisionListSchema, decisionSchema } from '../decisions/schema.ts';
import { eventListSchema, eventSchema } from '../events/schema.ts';
import { aliveSchema, notReadySchema, readySchema } from '../health/schema.ts';
import { imageBuildSchema, imageListSchema, imageSchema } from '../images/schema.ts';
import { messageListSchema, messageSchema } from '../messages/schema.ts';
import { moduleListSchema, moduleSchema } from '../modules/schema.ts';
import { namedListSchema, namedSchema } from '../names/route.ts';
import { metaSchema } from '../paging.ts';
import { problemSchema } from '../problem.ts';
import {
  differenceListSchema,
  differenceSchema,
  reconciliationListSchema,
  reconciliationSchema,
} from '../reconciliations/schema.ts';

const shapes = [
  ...[problemSchema, metaSchema, buildSchema, buildListSchema, attemptsSchema],
  ...[eventSchema, eventListSchema, decisionSchema, decisionListSchema],
  ...[
    messageSchema,
    messageListSchema,
    moduleSchema,
    moduleListSchema,
    namedSchema,
    namedListSchema,
    aboutSchema,
  ],
  ...[imageSchema, imageListSchema, imageBuildSchema, composeSchema, composeListSchema],
  ...[reconciliationSchema, reconciliationListSchema, differenceSchema, differenceListSchema],
  ...[aliveSchema, readySchema, notReadySchema],
];

/** Every shape an answer may have, by the name the published document knows it by. */
export const components = Object.fromEntries(
  shapes.map(({ $id, ...shape }) => [$id, shape as object]),
);
