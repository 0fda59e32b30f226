import { oneOf, optional, pemFile, text, url, whole } from './parse.ts';

/** The settings of the services that images are rebuilt with. Times are seconds. */
export const containerSettings = {
  kojiUrl: {
    ...{ env: 'FRESHMAKER_KOJI_URL', parse: optional(url), fallback: null as string | null },
    what: "Koji's hub, up to kojihub",
  },
  kojiLogin: {
    ...{ env: 'FRESHMAKER_KOJI_LOGIN', parse: oneOf('certificate', 'gssapi', 'plain') },
    fallback: 'certificate' as 'certificate' | 'gssapi' | 'plain',
    what: 'how to log in: a TLS certificate, GSSAPI (npm install kerberos), or plain for a hub that trusts its callers',
  },
  kojiCertificate: {
    ...{ env: 'FRESHMAKER_KOJI_CERTIFICATE', parse: optional(pemFile) },
    fallback: null as string | null,
    what: 'PEM file with the TLS client certificate',
  },
  kojiKey: {
    ...{ env: 'FRESHMAKER_KOJI_KEY', parse: optional(pemFile), fallback: null as string | null },
    what: 'PEM file with its key; in the file of the certificate when unset',
  },
  kojiAuthority: {
    ...{ env: 'FRESHMAKER_KOJI_AUTHORITY', parse: optional(pemFile) },
    fallback: null as string | null,
    what: "PEM file with the authorities the hub's certificate is trusted by, beside the usual ones",
  },
  kojiTimeout: {
    ...{ env: 'FRESHMAKER_KOJI_TIMEOUT', parse: whole(1, 3600), fallback: 60 },
    what: 'seconds a call to Koji may take before its outcome counts as unknown',
  },
  odcsUrl: {
    ...{ env: 'FRESHMAKER_ODCS_URL', parse: optional(url), fallback: null as string | null },
    what: 'base of ODCS, up to api/1/',
  },
  odcsToken: {
    ...{ env: 'FRESHMAKER_ODCS_TOKEN', parse: optional(text), fallback: null as string | null },
    what: 'bearer token for ODCS',
  },
  odcsOwner: {
    ...{ env: 'FRESHMAKER_ODCS_OWNER', parse: optional(text), fallback: null as string | null },
    what: 'our name in ODCS; when unset, a fitting compose made by anybody after we asked passes for ours',
  },
  odcsTimeout: {
    ...{ env: 'FRESHMAKER_ODCS_TIMEOUT', parse: whole(1, 3600), fallback: 60 },
    what: 'seconds a call to ODCS may take before its outcome counts as unknown',
  },
  composeLifetime: {
    ...{ env: 'FRESHMAKER_COMPOSE_LIFETIME', parse: whole(60, 259_200), fallback: 86_400 },
    what: 'seconds a compose is asked to live; renewed while builds wait for it',
  },
  bodhiUrl: {
    ...{ env: 'FRESHMAKER_BODHI_URL', parse: optional(url), fallback: null as string | null },
    what: 'base of Bodhi',
  },
};
