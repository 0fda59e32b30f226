/** The newest build of an image on its branch, as far as it is on record. */
export type ImageStream = {
  readonly artifact: string;
  readonly name: string;
  /** Empty where Koji did not tell. */
  readonly branch: string;
  readonly namespace: string;
  readonly target: string | null;
  readonly newest: {
    readonly nvr: string;
    readonly buildId: number;
    readonly parentNvr: string | null;
    readonly arches: ReadonlyArray<string>;
  };
};

/** One version of an RPM, and the build of the image that held it. */
export type HeldVersion = {
  /** `name-version-release` of the RPM. */
  readonly rpm: string;
  readonly epoch: number | null;
  /** The image's NVR. */
  readonly nvr: string;
  readonly buildId: number;
};

/** An image that held an RPM at any time. */
export type Holder = {
  readonly image: ImageStream;
  readonly rpmName: string;
  readonly source: string;
  /** The lowest version it ever held, the first and the last. */
  readonly lowest: HeldVersion;
  readonly first: HeldVersion;
  readonly last: HeldVersion;
  /** Its newest build holds it; `last` says in which version. */
  readonly now: boolean;
};
