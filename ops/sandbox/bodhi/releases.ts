import type { Update } from '../updates/update.ts';

type Content = Update['content'];

/** `f28` and rpm → `F28`; and module → `F28M`. */
export const releaseName = (release: string, content: Content): string =>
  release.toUpperCase() + (content === 'module' ? 'M' : '');

/** A release as Bodhi shows it. */
export const bodhiRelease = (
  release: string,
  content: Content,
): Readonly<Record<string, unknown>> => {
  const version = release.replace(/^f/, '');
  const modular = content === 'module';
  const tags = modular ? `${release}-modular` : release;
  return {
    name: releaseName(release, content),
    long_name: modular ? `Fedora ${version} Modular` : `Fedora ${version}`,
    ...{ version, id_prefix: modular ? 'FEDORA-MODULAR' : 'FEDORA', state: 'current' },
    branch: modular ? `${release}m` : release,
    ...{ dist_tag: tags, stable_tag: `${tags}-updates`, testing_tag: `${tags}-updates-testing` },
    ...{ candidate_tag: `${tags}-updates-candidate`, override_tag: `${tags}-override` },
    pending_signing_tag: `${tags}-signing-pending`,
    pending_testing_tag: `${tags}-updates-testing-pending`,
    pending_stable_tag: `${tags}-updates-pending`,
    ...{ mail_template: 'fedora_errata_template', composed_by_bodhi: true, composes: [] },
    ...{ create_automatic_updates: false, package_manager: 'unspecified' },
    ...{ testing_repository: null, eol: null },
  };
};

/** A number for a release, as its builds carry it. */
export const releaseId = (release: string, content: Content): number =>
  Number(/\d+/.exec(release)?.[0] ?? 0) * 2 + (content === 'module' ? 1 : 0);
