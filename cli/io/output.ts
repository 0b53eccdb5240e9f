/** Standard output with back-pressure; a reader that goes away (`| head`) ends the program quietly. */
export interface Output {
  /** Resolves when the text was taken. */
  write(text: string): Promise<void>;
  /** True when nobody reads any more: work for this output may end. */
  readonly closed: boolean;
}

export function createOutput(stream: NodeJS.WritableStream): Output {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') closed = true;
    else throw error;
  });
  return {
    get closed() {
      return closed;
    },
    write: (text) => new Promise((resolve) => {
      if (closed) return resolve();
      stream.write(text, () => resolve());
    }),
  };
}
