import { stateName, type Compose } from './compose.ts';

const zulu = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

/** `base` is the sandbox's own address; it may be another one after a restart. */
const toplevel = (base: string, id: number): string => `${base}/odcs/composes/odcs-${id}`;

/** A compose as lists, creations and messages show it: every key of a recorded ODCS 0.3.8. */
export const shownCompose = (compose: Compose, base: string): Readonly<Record<string, unknown>> => {
  const { id, owner, state, state_reason, removed_by, source, source_type } = compose;
  const { builds, packages, sigkeys, arches, flags, results } = compose;
  const { label, koji_event, modular_koji_tags } = compose;
  const result_repo = `${toplevel(base, id)}/compose/Temporary`;
  return {
    ...{ id, owner, state, state_reason, removed_by, source, source_type },
    ...{ builds, packages, sigkeys, arches, flags, results, label, koji_event, modular_koji_tags },
    state_name: stateName(state),
    ...{ base_module_br_name: null, base_module_br_stream: null },
    ...{ base_module_br_stream_version_gte: null, base_module_br_stream_version_lte: null },
    ...{ compose_type: 'test', koji_task_id: null, lookaside_repos: '' },
    ...{ module_defaults_url: null, modules: null, multilib_arches: '', multilib_method: 0 },
    ...{ parent_pungi_compose_ids: null, pungi_compose_id: null, respin_of: null },
    ...{ scratch_build_tasks: null, scratch_modules: null, target_dir: 'default' },
    ...{ result_repo, result_repofile: `${result_repo}/odcs-${id}.repo` },
    ...{ time_submitted: zulu(compose.submitted), time_started: zulu(compose.started) },
    ...{ time_done: zulu(compose.done), time_removed: zulu(compose.removed) },
    time_to_expire: zulu(compose.expires),
    toplevel_url: toplevel(base, id),
  };
};

/** A compose asked for by its id: one key more. */
export const wholeCompose = (
  compose: Compose,
  base: string,
): Readonly<Record<string, unknown>> => ({
  ...shownCompose(compose, base),
  pungi_config_dump: null,
});

/** The text of `odcs-<id>.repo`. */
export const repofile = ({ id }: Compose, base: string): string =>
  [
    `[odcs-${id}]`,
    `name=ODCS repository for compose odcs-${id}`,
    `baseurl=${toplevel(base, id)}/compose/Temporary/$basearch/os`,
    'type=rpm-md',
    'skip_if_unavailable=False',
    'gpgcheck=0',
    'repo_gpgcheck=0',
    'enabled=1',
    'enabled_metadata=1',
    '',
  ].join('\n');
