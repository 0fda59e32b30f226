/** Told of every change for better or worse, once each, in a sentence. */
export type Report = (level: 'info' | 'warn' | 'error', sentence: string) => void;

/** Milliseconds: the first pause after a failure, and the longest. */
export type Pauses = { readonly first: number; readonly longest: number };
