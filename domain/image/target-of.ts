const rawhide = ['master', 'main', 'rawhide'];

/**
 * The Koji target that images of a dist-git branch are built for: `f28-container-candidate`,
 * `rawhide-container-candidate`. Source: Fedora's targets, and the original's Dockerfile flow.
 */
export const targetOf = (branch: string): string =>
  `${rawhide.includes(branch) ? 'rawhide' : branch}-container-candidate`;
