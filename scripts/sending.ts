/**
 * `npm run sending`: stops all messages that events cause, for a whole stage, and starts them again (docs/runbook.md, "Stop
 * all sending"). It disables the triggers of the two functions that send: what is in their queues stays there, and is not
 * received.
 *
 *     npm run sending -- stop --stage prod --region eu-south-1
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventSourceMappingConfiguration,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ResourceConflictException,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CLIENT_TIMES } from './client-times.ts';
import { runCommand, UsageError } from './command-line.ts';
import { explain } from './explain.ts';
import { enterStage, REGION_HELP, STAGE_OPTIONS, stackNameOf } from './stage.ts';

const help = `npm run sending -- stop|start|status --stage STAGE [--region REGION]

  stop      sends nothing any more, for every site of the stage. Events are accepted, and their messages wait
  start     goes on: what has waited goes out, in its order, and what makes no sense any more is dropped
  status    says whether messages are sent

Bots go on answering what people write to them. Whether the stage sends is kept until the next start or stop; run
status after a deployment (docs/runbook.md, "Stop all sending").

  --stage STAGE    the stage of a deployment, with AWS credentials; or local (a running "npm start"). A run on other
                   ports than the usual is found by LAMBDA_PORT, which npm start prints
${REGION_HELP}
  --help           this text`;

/** The functions that send what events cause. Each has one trigger. */
const SENDERS = ['deliver', 'drain'] as const;
type Sender = (typeof SENDERS)[number];

/** AWS takes up to a minute or so for a trigger. Milliseconds. */
const LOOK_AGAIN_AFTER = 1_000;
const LONGEST_WAIT = 300_000;

/** A trigger in one of these states is not changing: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html */
type Settled = 'Enabled' | 'Disabled';

const DONE = {
  Enabled: 'Messages are sent again. What has waited goes out first, at the pace of each bot.',
  Disabled: `Nothing is sent any more. What a function has already taken may still go out, for a minute at the most.
Events are accepted, and their messages wait. Start again within a week: older ones may be given up.`,
};

class Triggers {
  readonly #lambda = new LambdaClient(CLIENT_TIMES);
  readonly #stage: string;

  constructor(stage: string) {
    this.#stage = stage;
  }

  /**
   * Has all of them in this state. Whatever another hand does meanwhile, it ends there. Where one can't be brought there,
   * the others are.
   *
   * @returns the errors.
   */
  async bringTo(state: Settled): Promise<unknown[]> {
    const ended = await Promise.allSettled(SENDERS.map((sender) => this.#bringOne(sender, state)));
    return ended.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  }

  async #bringOne(sender: Sender, wanted: Settled): Promise<void> {
    for (const end = Date.now() + LONGEST_WAIT; ; await sleep(LOOK_AGAIN_AFTER)) {
      const { UUID, State } = await this.find(sender);
      if (State === wanted) return;
      if (State === 'Enabled' || State === 'Disabled') await this.#ask(UUID, wanted === 'Enabled');
      if (Date.now() > end)
        throw new Error(`The trigger of ${sender} stays ${State}: run this again in some minutes.`);
    }
  }

  /** Another change of the trigger may be under way: then it is asked again after that. */
  async #ask(UUID: string | undefined, Enabled: boolean): Promise<void> {
    try {
      await this.#lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
    } catch (error) {
      const isBusy = error instanceof ResourceConflictException || error instanceof ResourceInUseException;
      if (!isBusy) throw error;
    }
  }

  /** @throws UsageError where there is none. */
  async find(sender: Sender): Promise<EventSourceMappingConfiguration> {
    const FunctionName = `${stackNameOf(this.#stage)}-${sender}`;
    const request = new ListEventSourceMappingsCommand({ FunctionName });
    const found = await this.#lambda.send(request).catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });
    const [trigger] = found?.EventSourceMappings ?? [];
    if (trigger) return trigger;
    throw new UsageError(
      `There is no function ${FunctionName} with a trigger in ${process.env.AWS_REGION}: is --stage right, and --region (or AWS_REGION)?`,
    );
  }
}

/** After a half that failed: says what each is, so far as it can be known. */
async function tellHalf(triggers: Triggers): Promise<void> {
  for (const sender of SENDERS) {
    const found = await triggers.find(sender).catch(() => undefined);
    console.log(`${sender}: ${found?.State ?? 'not known'}`);
  }
}

async function tellStatus(triggers: Triggers): Promise<void> {
  const states = await Promise.all(
    SENDERS.map(async (sender) => ({ sender, state: (await triggers.find(sender)).State })),
  );
  for (const { sender, state } of states) console.log(`${sender}: ${state}`);
  if (states.every(({ state }) => state === 'Enabled')) console.log('Messages are sent.');
  else if (states.every(({ state }) => state === 'Disabled')) console.log('Sending is stopped.');
  else console.log('Sending is stopped in part, or is changing: say start, or stop.');
}

await runCommand(
  { name: 'sending', help, options: STAGE_OPTIONS, maxArguments: 1 },
  async ({ values: { stage, region }, positionals: [command = ''] }) => {
    if (!/^(?:stop|start|status)$/.test(command))
      throw new UsageError(`Say stop, start or status, not "${command}".`);
    if (stage === undefined) throw new UsageError('Say which --stage.');
    enterStage({ stage, region });
    const triggers = new Triggers(stage);
    if (command === 'status') return tellStatus(triggers);
    const state = command === 'start' ? 'Enabled' : 'Disabled';
    const errors = await triggers.bringTo(state);
    if (errors.length === 0) return console.log(DONE[state]);
    if (errors.length < SENDERS.length) await tellHalf(triggers);
    throw errors[0];
  },
  (error) => explain(error, 'sending', 'Lambda'),
);
