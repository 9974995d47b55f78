/** What MiniStack lacks for this project, and what the rehearsal does about it. Printed at the end; docs/rehearsal.md. */
export const WORK_AROUNDS = [
  'CloudFormation refuses alarms over several metrics: start-ministack.py keeps them like alarms over one metric.',
  'Logs Insights does not know SOURCE: start-ministack.py finds the log groups of that prefix.',
  'PyPI has only version 1 of the AWS CLI, the guide is for 2: bin/aws translates what differs.',
  'The API has a name under .localhost, which Node does not find everywhere: localhost-names.ts says that it is this machine.',
];
