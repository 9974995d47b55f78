/** A person's terminal: what a block of commands sets, such as variables and functions, is there for the next one. */
import { writeFile } from 'node:fs/promises';
import { type Ended, runProgram } from './programs.ts';
import { Seen } from './steps.ts';

export class Shell {
  readonly #cwd: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #state: string;

  /** @param state the path of a file where the state of the terminal is kept. */
  constructor(options: { cwd: string; env: NodeJS.ProcessEnv; state: string }) {
    this.#cwd = options.cwd;
    this.#env = options.env;
    this.#state = options.state;
  }

  /**
   * @param input what the commands read.
   * @throws Seen, with what was printed, if one of the commands fails.
   */
  async run(commands: string, input = ''): Promise<Ended> {
    const block = `${this.#state}.block`;
    await writeFile(block, commands);
    // bash exports no arrays; those that it has itself are not kept. ERR tells which command failed, wherever in the block it stands; the last one ends the block as well.
    const script = `
      set -aE
      [ -e '${this.#state}' ] && . '${this.#state}'
      trap 'failed="\${failed:-}\${failed:+; }$BASH_COMMAND ($?)"' ERR
      failed=
      . '${block}'
      trap - ERR
      {
        export -p | grep -v -E '^declare -x (failed|NODE_OPTIONS)='
        declare -a | grep -v -E '^declare -[a-z]+ (BASH_[A-Z]+|DIRSTACK|FUNCNAME|GROUPS|PIPESTATUS)='
        declare -f
      } > '${this.#state}'
      [ -z "$failed" ] || { echo "failed: $failed" >&2; exit 1; }`;
    const ended = await runProgram('bash', ['-c', script], { cwd: this.#cwd, env: this.#env, input });
    if (ended.code !== 0) throw new Seen(`${commands}\nended with ${ended.code}:\n${ended.output}`);
    return ended;
  }

  /** The value of a variable. */
  async variable(name: string): Promise<string> {
    const { out } = await this.run(`printf %s "\${${name}}"`);
    return out;
  }

  async set(name: string, value: string): Promise<void> {
    await this.run(`${name}='${value.replaceAll("'", "'\\''")}'`);
  }
}
