// Who asks. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Cloud } from '../cloud.ts';
import { clientConfig, type Where } from './clients.ts';

export function sts(where: Where): Pick<Cloud, 'caller' | 'close'> {
  const client = new STSClient(clientConfig(where));
  return {
    async caller() {
      const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn, partition: Arn.split(':')[1] || 'aws' };
    },
    close: () => client.destroy(),
  };
}
