import { silence } from './failures.ts';

/** Rejects with a silence when there is no answer in time; what still comes later is of no use. */
export const within = async <A>(milliseconds: number, call: Promise<A>): Promise<A> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(silence(milliseconds));
    }, milliseconds);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
};
