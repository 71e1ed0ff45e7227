// Credentials of a profile of ~/.aws.
import { fromIni } from '@aws-sdk/credential-providers';

export const profileCredentials = (profile: string): ReturnType<typeof fromIni> => fromIni({ profile });
