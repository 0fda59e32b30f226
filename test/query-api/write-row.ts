import type { JsonObject } from '../../domain/json.ts';
import type { Model, ReadModels } from '../../projectors/read-models.ts';
import { must, writerOf } from '../projectors/read-models-suite.ts';

/** Commits one row at a position, readers of the model included where it is a new version. */
export const writeRow = async (
  models: ReadModels,
  model: Model,
  position: string,
  body: JsonObject & { readonly id: number },
): Promise<void> => {
  const writer = await writerOf(models, model, 'writer');
  const checkpoint = { logId: 'log', position, hash: position };
  await must(writer.commit([{ id: String(body.id), pos: position, body }], checkpoint));
  await must(writer.activate());
  await must(writer.release());
};
