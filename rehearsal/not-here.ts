/** Which commands of the pages can't be run against MiniStack as they stand, and why. Printed at the end. */
export interface Instead {
  /** A part of the page's commands. */
  command: string;
  /** What is run in its place; absent: the whole block is not run. */
  instead?: string;
  reason: string;
}

export const NOT_HERE: Instead[] = [
  {
    command: 'aws account enable-region',
    reason: 'MiniStack has every region, and no account that has to enable one.',
  },
  {
    command: 'aws service-quotas request-service-quota-increase',
    reason: 'MiniStack has no Service Quotas.',
  },
  {
    command: 'http://127.0.0.1:3002/',
    reason: 'It is for the local run: tests/end-to-end has it.',
  },
  { command: 'git clone REPOSITORY', reason: 'The rehearsal works in a copy of this repository.' },
  { command: 'npm ci\n', instead: '', reason: 'The packages are those of this repository.' },
  {
    command: 'export AWS_PROFILE=passweb-telegram\n',
    instead: '',
    reason: 'MiniStack takes any credentials: there is no profile.',
  },
  {
    command: "OutputKey=='HttpApiUrl'",
    instead: "OutputKey=='ApiUrl'",
    reason:
      'The output HttpApiUrl is composed by the template and is an address of the real AWS; ApiUrl comes from the API itself.',
  },
  {
    command: 'https://api.telegram.org/',
    instead: '$TELEGRAM_API_ROOT/',
    reason: 'Telegram is the emulator.',
  },
];
