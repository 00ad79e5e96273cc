import type { TaskPage } from '../../application/ports/task-repository.ts';
import type { Revision, Task, TaskId } from '../../domain/task.ts';

/**
 * What is known of one owner's tasks in one state of theirs. It holds promises: whoever asks while a read is under way
 * gets the same one. When the state may have changed, the shelf is let go, and a read that is still under way fills
 * a shelf that nobody can reach any more.
 */
export interface Shelf {
  /** The owner's counter when the shelf was put up; null where nobody has to ask for it. */
  readonly generation: Revision | null;
  readonly pages: Map<string, Promise<TaskPage>>;
  readonly tasks: Map<TaskId, Promise<Task | null>>;
  /** The tasks of the page that was read last: whoever lists tasks often goes on to one of them. */
  listed: readonly Task[];
  /** About how much memory it takes. */
  bytes: number;
}

export const createShelf = (generation: Revision | null): Shelf => ({
  generation,
  pages: new Map(),
  tasks: new Map(),
  listed: [],
  bytes: emptyShelfBytes,
});

const emptyShelfBytes = 1_000;

/** The tasks as they are kept, and once more as the bytes of an answer; 480 is what all of them have. */
export const bytesOf = (tasks: readonly Task[]): number =>
  tasks.reduce(
    (sum, { title, description }) => sum + 480 + bytesOfText(title) + bytesOfText(description ?? ''),
    200,
  );

/** JavaScript keeps a character in one byte, or, where a text has others than Latin ones, every one in two. */
const bytesOfText = (text: string): number => {
  const encoded = Buffer.byteLength(text);
  return encoded + (encoded === text.length ? encoded : 2 * text.length);
};
