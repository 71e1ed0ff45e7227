// AWS by its SDK. This file is imported when a command needs it, with the clients of all services behind it; each client is
// imported in a file of its own.
import type { Cloud } from '../cloud.ts';
import type { Caller } from '../state.ts';
import type { Where } from './clients.ts';
import { ec2 } from './ec2.ts';
import { iam } from './iam.ts';
import { redshift } from './redshift.ts';
import { s3 } from './s3.ts';
import { serverless } from './serverless.ts';
import { sts } from './sts.ts';

export function openCloud(where: Where): Cloud {
  let known: Promise<Caller> | undefined;
  const identity = sts(where);
  const caller = (): Promise<Caller> => {
    known ??= identity.caller().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  const network = ec2(where);
  const clusters = redshift(where, caller);
  const parts = [identity, s3(where), iam(where), network, clusters, serverless(where)] as const;
  const [, buckets, roles, , , workgroups] = parts;
  return {
    ...buckets,
    ...roles,
    ...network,
    ...clusters,
    ...workgroups,
    caller,
    vpc: (subnetGroup) => (subnetGroup === undefined ? network.defaultVpc() : clusters.vpcOf(subnetGroup)),
    close() {
      for (const part of parts) part.close();
    },
  };
}
