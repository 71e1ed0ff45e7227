// s3://bucket/key, as a project writes it: the key stands as it is, without any escapes.
export interface S3Url {
  readonly bucket: string;
  /** Without the slash that parts it from the bucket; may be empty. */
  readonly key: string;
}

export const isS3Url = (text: string): boolean => /^s3:\/\//i.test(text);

/** undefined: no bucket is named. */
export function s3Url(text: string): S3Url | undefined {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/is.exec(text) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}

/** Of what is in the folder of this name, all URLs begin so: 's3://bucket/prefix/'. */
export function folderUrl(written: string): string {
  const url = s3Url(written);
  if (!url) throw new Error(`${written} names no bucket`);
  return `s3://${url.bucket}/${url.key === '' || url.key.endsWith('/') ? url.key : `${url.key}/`}`;
}
