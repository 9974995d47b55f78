interface Resource {
  Type: string;
  Condition?: string;
  Properties: Record<string, unknown>;
}

/** The part of Serverless that this plugin uses. */
interface Serverless {
  service: { resources: { Resources: Record<string, Resource> } };
}

/**
 * Serverless plugin: gives each queue a policy that refuses requests without TLS, whoever sends them. SQS also answers at
 * `http://`, and takes no policy that names several queues.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
 */
export default class QueuePoliciesPlugin {
  readonly hooks = { initialize: () => this.addPolicies() };
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
  }

  addPolicies(): void {
    const { Resources } = this.#serverless.service.resources;
    const queues = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::SQS::Queue');
    for (const [logicalId, { Condition }] of queues)
      Resources[`${logicalId}Policy`] = { ...tlsOnly(logicalId), ...(Condition && { Condition }) };
  }
}

function tlsOnly(queue: string): Resource {
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: queue }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OnlyWithTls',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sqs:*',
            Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  };
}
