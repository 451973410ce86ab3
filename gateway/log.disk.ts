/**
 * The real disk of the log: `node:fs/promises`, except that a small write goes to the page cache at once, on this thread.
 * It takes some 10 µs there, where a thread of the pool must be woken for 50; the sync, which takes long, is left to the pool.
 */
import { writevSync } from 'node:fs';
import * as files from 'node:fs/promises';
import type { Disk, DiskFile } from './log.folder.ts';

/** A write above this may keep the event loop from others. */
const AT_ONCE_BYTES = 256 * 1024;

export const disk: Disk = {
  ...files,
  async open(path, flags): Promise<DiskFile> {
    const file = await files.open(path, flags);
    return {
      read: (buffer, offset, length, position) => file.read(buffer, offset, length, position),
      stat: () => file.stat(),
      write: (bytes, offset, length, position) => file.write(bytes, offset, length, position),
      async writev(buffers, position) {
        const bytes = buffers.reduce((sum, { length }) => sum + length, 0);
        if (bytes > AT_ONCE_BYTES) return file.writev(buffers, position);
        return { bytesWritten: writevSync(file.fd, buffers, position) };
      },
      truncate: (length) => file.truncate(length),
      datasync: () => file.datasync(),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  },
};
