import type { FastifyInstance } from 'fastify';
import { buildsModel } from '../../projectors/builds/row.ts';
import { composesModel } from '../../projectors/composes/row.ts';
import { decisionsModel } from '../../projectors/decisions/row.ts';
import { eventsModel } from '../../projectors/events/row.ts';
import { imageIndexModel } from '../../projectors/image-index/row.ts';
import { imagesModel } from '../../projectors/images/row.ts';
import { messagesModel } from '../../projectors/messages/row.ts';
import { moduleIndexModel } from '../../projectors/module-index/row.ts';
import { reconciliationsModel } from '../../projectors/reconciliations/row.ts';
import { sourcesModel } from '../../projectors/sources/row.ts';
import type { ReadModels } from '../../projectors/read-models.ts';
import { buildApp } from '../../query-api/app.ts';

/** The whole API over read models, not listening. */
export const appOver = ({ reader, stamp }: ReadModels): FastifyInstance =>
  buildApp({
    readers: {
      events: reader(eventsModel),
      builds: reader(buildsModel),
      decisions: reader(decisionsModel),
      messages: reader(messagesModel),
      modules: reader(moduleIndexModel),
      sources: reader(sourcesModel),
      imageIndex: reader(imageIndexModel),
      images: reader(imagesModel),
      composes: reader(composesModel),
      reconciliations: reader(reconciliationsModel),
    },
    stamp,
    about: { version: '0', authBackend: 'noauth' },
    health: () => Promise.resolve({ reasons: [], projections: [] }),
  });
