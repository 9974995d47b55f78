/** The commands of the guide, the runbook and the README, taken from the pages and run. */
import { type Instead, NOT_HERE } from './not-here.ts';
import { type Block, readBlocks } from './page.ts';
import type { Ended } from './programs.ts';
import type { Shell } from './shell.ts';
import { Seen } from './steps.ts';

/** What a person puts in for a word of the page, such as `SITE`. */
export type Words = Record<string, string>;

export class Pages {
  readonly #blocks: Block[];
  readonly #done = new Set<Block>();
  readonly #used = new Set<Instead>();

  private constructor(blocks: Block[]) {
    this.#blocks = blocks;
  }

  static async read(): Promise<Pages> {
    const [readme, guide, runbook] = await Promise.all(
      ['README.md', 'docs/deploy.md', 'docs/runbook.md'].map(readBlocks),
    );
    const isDeployment = ({ section }: Block) => section === 'Deploy';
    return new Pages([...(readme ?? []).filter(isDeployment), ...(guide ?? []), ...(runbook ?? [])]);
  }

  /**
   * Runs the next block of a page that has not been run, and holds a text.
   *
   * @param input what its commands read.
   * @throws Seen if there is none, or none with the words: the page has changed.
   */
  async run(
    shell: Shell,
    page: string,
    text: string,
    { words = {}, input }: { words?: Words; input?: string } = {},
  ): Promise<Ended> {
    const block = this.#open(page).find((candidate) => candidate.text.includes(text));
    if (!block) throw new Seen(`${page} has no command with "${text}" any more that was not run yet.`);
    checkWords(page, [block], words);
    const ended = await this.#runBlock(shell, block, words, input);
    if (!ended) throw new Seen(`${block.place} can't be run here: see rehearsal/not-here.ts.`);
    return ended;
  }

  /**
   * Runs all blocks of a page that have not been run, in their order.
   *
   * @param options.until the block with this text, and those after it, are left for later.
   * @param options.later so are those with one of these texts.
   * @returns how many were run.
   */
  async runRest(
    shell: Shell,
    page: string,
    { words = {}, until, later = [] }: { words?: Words; until?: string; later?: string[] } = {},
  ): Promise<string> {
    let count = 0;
    const failed: string[] = [];
    const blocks = this.#open(page);
    checkWords(page, blocks, words);
    for (const block of blocks) {
      if (until !== undefined && block.text.includes(until)) break;
      if (later.some((text) => block.text.includes(text))) continue;
      try {
        if (await this.#runBlock(shell, block, words)) count += 1;
      } catch (error) {
        // The others are run all the same: a page may have more than one fault.
        if (!(error instanceof Seen)) throw error;
        failed.push(error.message);
      }
    }
    if (failed.length > 0) throw new Seen(failed.join('\n\n'));
    return `${count} blocks of commands`;
  }

  /** @throws Seen if a block was not run, or a reason not to run one has no block any more. */
  checkAllRun(): void {
    const forgotten = this.#blocks.filter((block) => !this.#done.has(block));
    if (forgotten.length > 0) throw new Seen(`Not run: ${forgotten.map(({ place }) => place).join(', ')}`);
    const unused = NOT_HERE.filter((instead) => !this.#used.has(instead));
    if (unused.length > 0)
      throw new Seen(
        `No page has this any more (rehearsal/not-here.ts): ${unused.map(({ command }) => command).join('; ')}`,
      );
  }

  /** What was not run as it stands on the page, and why. */
  differences(): string[] {
    return NOT_HERE.map(({ command, instead, reason }) => {
      const change =
        instead === undefined ? 'not run' : instead === '' ? 'left out' : `run as \`${instead}\``;
      return `\`${command.trim()}\` is ${change}: ${reason}`;
    });
  }

  #open(page: string): Block[] {
    return this.#blocks.filter((block) => block.place.startsWith(`${page}:`) && !this.#done.has(block));
  }

  /** @returns undefined if it can't be run here. */
  async #runBlock(shell: Shell, block: Block, words: Words, input?: string): Promise<Ended | undefined> {
    this.#done.add(block);
    let { text } = block;
    for (const entry of NOT_HERE) {
      if (!text.includes(entry.command)) continue;
      this.#used.add(entry);
      if (entry.instead === undefined) return undefined;
      text = text.replaceAll(entry.command, entry.instead);
    }
    for (const [word, value] of Object.entries(words)) text = text.replaceAll(word, value);
    try {
      return await shell.run(text, input);
    } catch (error) {
      if (error instanceof Seen) throw new Seen(`${block.place}, "${block.section}":\n${error.message}`);
      throw error;
    }
  }
}

/** @throws Seen if a word is nowhere: nothing would be put in for it. */
function checkWords(page: string, blocks: Block[], words: Words): void {
  for (const word of Object.keys(words))
    if (!blocks.some(({ text }) => text.includes(word)))
      throw new Seen(`${page} has no "${word}" any more, for which the rehearsal puts something in.`);
}
