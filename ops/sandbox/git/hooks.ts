/**
 * Leaves a note of every push in the spool, whichever way it came (HTTP or file path), so that a push
 * is announced also when it arrives while the sandbox is down.
 */
export const POST_RECEIVE = `#!/bin/sh
spool=../../../pushes
note=$(mktemp "$spool/.note-XXXXXXXX") || exit 0
{ printf '%s\\n%s\\n' "$(pwd)" "$REMOTE_USER"; cat; } > "$note"
mv "$note" "$spool/$(date +%s%N)-$$.push"
`;

/** Refuses every push to a repository that holds a file `refuse`, with its text as the reason. */
export const PRE_RECEIVE = `#!/bin/sh
[ -f refuse ] || exit 0
cat refuse >&2
exit 1
`;
