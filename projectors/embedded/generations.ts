import type { Generation } from '../fields.ts';
import { fieldsOf, generationName, shapeOf } from '../fields.ts';
import type { FieldKind, Model } from '../read-models.ts';
import { generationTables } from './schema.ts';
import type { Sqlite } from './sqlite.ts';

const parsed = (name: string, fields: string): Generation => ({
  name,
  fields: new Map(JSON.parse(fields) as ReadonlyArray<readonly [string, FieldKind]>),
});

const aliased = `
  SELECT g.name, g.fields FROM aliases a JOIN generations g ON g.name = a.active
  WHERE a.model = ?`;

/** The generation that readers see; undefined before the first. */
export const liveGeneration = (sqlite: Sqlite, model: string): Generation | undefined => {
  const [name, fields] = sqlite.one(aliased, [model]) ?? [];
  return typeof name === 'string' && typeof fields === 'string' ? parsed(name, fields) : undefined;
};

const fitting = `
  SELECT g.name FROM generations g LEFT JOIN aliases a ON a.active = g.name
  WHERE g.model = ? AND g.version = ? AND g.shape = ?
  ORDER BY a.active IS NULL, g.made_at DESC, g.name DESC LIMIT 1`;

const point = `
  INSERT INTO aliases (model, active, previous, switched_at) VALUES (?1, ?2, NULL, ?3)
  ON CONFLICT (model) DO UPDATE SET previous = active, active = ?2, switched_at = ?3`;

const makeGeneration = (sqlite: Sqlite, model: Model, at: string): string => {
  const fields = fieldsOf(model);
  const shape = shapeOf(fields);
  const [count] =
    sqlite.one('SELECT count(*) FROM generations WHERE model = ?', [model.name]) ?? [];
  const name = generationName(model, shape, Number(count) + 1);
  sqlite.run(
    `INSERT INTO generations (name, model, version, shape, fields, made_at) VALUES (?, ?, ?, ?, ?, ?)`,
    [name, model.name, model.version, shape, JSON.stringify([...fields]), at],
  );
  sqlite.exec(generationTables(name, fields));
  return name;
};

/**
 * The generation that fits this version and these fields, the live one before others; undefined
 * where there is none yet.
 */
export const findGeneration = (sqlite: Sqlite, model: Model): string | undefined => {
  const shape = shapeOf(fieldsOf(model));
  const [name] = sqlite.one(fitting, [model.name, model.version, shape]) ?? [];
  return typeof name === 'string' ? name : undefined;
};

/** Points the alias at a generation; the one before is remembered. Inside a transaction. */
const pointAlias = (sqlite: Sqlite, model: Model, generation: string, at: string): void => {
  sqlite.run(point, [model.name, generation, at]);
  sqlite.run('UPDATE generations SET activated_at = ? WHERE name = ?', [at, generation]);
};

/** Finds or makes the generation to write to. The very first one of a model is live at once. */
export const ensureGeneration = (sqlite: Sqlite, model: Model, at: string): string => {
  const found = findGeneration(sqlite, model);
  if (found !== undefined) return found;
  const made = makeGeneration(sqlite, model, at);
  if (liveGeneration(sqlite, model.name) === undefined) pointAlias(sqlite, model, made, at);
  return made;
};

const mayBecomeLive = `
  SELECT 1 FROM generations mine
  JOIN aliases a ON a.model = mine.model
  JOIN generations live ON live.name = a.active
  WHERE mine.name = ? AND mine.activated_at IS NULL AND mine.version >= live.version`;

/** Whether a switch is due: a generation goes live once, and never over a newer version. */
export const isDue = (sqlite: Sqlite, generation: string): boolean =>
  sqlite.one(mayBecomeLive, [generation]) !== undefined;

/** Switches readers over to this generation if that is due. Inside a transaction. */
export const activate = (sqlite: Sqlite, model: Model, generation: string, at: string): void => {
  if (isDue(sqlite, generation)) pointAlias(sqlite, model, generation, at);
};
