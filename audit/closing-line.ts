/** The last line of an exported log: what the lines before it must add up to. */
export type Closing = {
  readonly events: number;
  /** Position of the last event; empty when there is none. */
  readonly upTo: string;
  /** SHA-256, hex, of every byte before this line. */
  readonly sha256: string;
};

/** As it stands in the file, byte for byte, line end included. */
export const closingLine = ({ events, upTo, sha256 }: Closing): string =>
  `${JSON.stringify({ exported: { events, upTo, sha256 } })}\n`;
