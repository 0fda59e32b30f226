/** What a model was told from in one version, and by which fields it could be found. */
export type KnownModel = {
  readonly model: string;
  readonly version: number;
  /** Of categories, types and fields, whatever their order. */
  readonly hash: string;
};

/** Every version of every model there was. Lines are added, never changed: stores still hold them. */
export const knownModels: ReadonlyArray<KnownModel> = [
  { model: 'builds', version: 2, hash: 'dcff17f6c2da' },
  { model: 'composes', version: 1, hash: '96285a45439e' },
  { model: 'decisions', version: 1, hash: '8c85578f086e' },
  { model: 'events', version: 1, hash: '6ef6f22d4221' },
  { model: 'figures', version: 1, hash: '8b0641fdd8fd' },
  { model: 'image-index', version: 1, hash: '7c6fcecb7f5b' },
  { model: 'images', version: 1, hash: 'e82aa9e69a4d' },
  { model: 'messages', version: 1, hash: '4c4cd50fc831' },
  { model: 'module-index', version: 1, hash: '839e71d3d2de' },
  { model: 'noticed_messages', version: 1, hash: '8aa3f61ecfaf' },
  { model: 'open_work', version: 4, hash: '30d6bd3c218d' },
  { model: 'reconciliations', version: 1, hash: '5b0e8c6e0efe' },
  { model: 'sources', version: 1, hash: '4012a2ab6fe2' },
];
