/**
 * The dist-git branch of a release of Bodhi: by its own `branch`, else by its name. F28, its modules
 * (F28M), containers (F28C) and flatpaks (F28F) are branch f28; EPEL-7 is epel7; null when the name
 * follows none of these.
 */
export const releaseBranch = (name: string, branch: string | null): string | null => {
  const told = (branch ?? name).toLowerCase();
  const fedora = /^f(\d+)[mcf]?$/.exec(told);
  if (fedora?.[1] !== undefined) return `f${fedora[1]}`;
  const epel = /^epel-?(\d+(?:\.\d+)?)m?(n|-next)?$/.exec(told);
  if (epel?.[1] !== undefined) return `epel${epel[1]}${epel[2] === undefined ? '' : '-next'}`;
  if (branch !== null) return branch;
  return told === 'rawhide' || told === 'eln' ? told : null;
};
