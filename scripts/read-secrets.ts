/** Reads secrets from standard input: what stands in a command is kept in the shell's history. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/**
 * One line for each question. At a terminal they are asked for one by one, and what is typed is not shown; else they are
 * the lines of what is piped in.
 *
 * @throws Error where a line is missing.
 */
export async function readSecrets(questions: string[]): Promise<string[]> {
  const isTerminal = process.stdin.isTTY === true;
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silence, terminal: isTerminal });
  // Ctrl-C, which readline takes for itself at a terminal.
  lines.on('SIGINT', () => lines.close());
  const answers: string[] = [];
  try {
    const iterator = lines[Symbol.asyncIterator]();
    for (const question of questions) {
      if (isTerminal) process.stderr.write(`${question}: `);
      const { value = '' } = await iterator.next();
      if (isTerminal) process.stderr.write('\n');
      const answer = String(value).trim();
      if (answer === '') throw new Error(`The line with the ${question.toLowerCase()} is missing.`);
      answers.push(answer);
    }
  } finally {
    lines.close();
  }
  return answers;
}
