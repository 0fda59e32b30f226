/** Pieces that JSON Schemas of this room are made of. */
export const text = { type: 'string' } as const;
export const textOrNull = { type: ['string', 'null'] } as const;
export const id = { type: 'integer' } as const;
export const idOrNull = { type: ['integer', 'null'] } as const;
export const flag = { type: 'boolean' } as const;
export const time = { type: 'string', format: 'date-time', description: 'UTC.' } as const;
export const timeOrNull = {
  type: ['string', 'null'],
  format: 'date-time',
  description: 'UTC.',
} as const;
export const ids = { type: 'array', items: id } as const;
export const texts = { type: 'array', items: text } as const;
export const anyObject = { type: 'object', additionalProperties: true } as const;

/** An object that has exactly these keys. */
export const object = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** Stands for the shape of that name in the published document. */
export const named = (name: string) => ({ $ref: `#/components/schemas/${name}` });

type Properties = Readonly<Record<string, object>>;

/** A named shape, all of whose keys are there. */
export const shape = (
  $id: string,
  description: string,
  properties: Properties,
  example: Readonly<Record<string, unknown>>,
) => ({
  $id,
  type: 'object',
  description,
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  examples: [example],
});

/** A page of such shapes. */
export const pageOf = ($id: string, description: string, item: string) => ({
  $id,
  type: 'object',
  description,
  properties: { items: { type: 'array', items: named(item) }, meta: named('Meta') },
  required: ['items', 'meta'],
  additionalProperties: false,
});

const numberOrText = { anyOf: [{ type: 'string' }, { type: 'integer' }] } as const;

/** A parameter that takes any text, and is compared letter by letter. */
export const textParameter = (description: string, example: string) => ({
  ...text,
  description,
  examples: [example],
});

/** A parameter that by rights is a number; other text matches nothing. */
export const numberParameter = (description: string, example: string) => ({
  ...numberOrText,
  description,
  examples: [example],
});

/** A parameter that may be repeated: any of its values will do. */
export const repeated = (items: object, description: string, example: string) => ({
  type: 'array',
  items,
  description: `${description} Repeat for any of several.`,
  examples: [[example]],
});

/** The number in a path. What is no number has no path. */
export const idParameter = (what: string) => ({
  type: 'object',
  properties: {
    id: { type: 'integer', minimum: 0, description: `The id of the ${what}.`, examples: [2] },
  },
  required: ['id'],
});

/** The form of a number in a path. */
export const idInPath = ':id(^\\d+$)';
