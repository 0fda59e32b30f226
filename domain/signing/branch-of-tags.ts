const ofRelease = /^(f\d+|epel\d+(?:\.\d+)?(?:-next)?|eln)(?:-|$)/;

/** The dist-git branch that the tags of a build tell of (`f28-updates-candidate`: f28); null where they tell of none, or of several. */
export const branchOfTags = (tags: ReadonlyArray<string>): string | null => {
  const branches = new Set(tags.flatMap((tag) => ofRelease.exec(tag)?.[1] ?? []));
  const [branch] = branches;
  return branches.size === 1 ? (branch ?? null) : null;
};
