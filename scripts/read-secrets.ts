/** Reads secrets from standard input: the shell would keep a command line in its history. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/**
 * Reads one line for each question. At a terminal the questions are asked one by one, and the answers are not shown;
 * otherwise the lines are read from the pipe.
 *
 * @param otherWay a sentence that says how else they can be given.
 * @throws Error if a line is missing.
 */
export async function readSecrets(questions: string[], otherWay?: string): Promise<string[]> {
  const isTerminal = process.stdin.isTTY === true;
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silence, terminal: isTerminal });
  // Ctrl-C, which readline handles itself at a terminal.
  lines.on('SIGINT', () => lines.close());
  const answers: string[] = [];
  try {
    const iterator = lines[Symbol.asyncIterator]();
    for (const question of questions) {
      if (isTerminal) process.stderr.write(`${question}: `);
      const { value = '' } = await iterator.next();
      if (isTerminal) process.stderr.write('\n');
      const answer = String(value).trim();
      if (answer === '') {
        const missing = `The line with the ${question.toLowerCase()} is missing.`;
        throw new Error(otherWay ? `${missing} ${otherWay}` : missing);
      }
      answers.push(answer);
    }
  } finally {
    lines.close();
  }
  return answers;
}
