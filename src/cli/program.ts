// All of dwh but what tells its version.

export async function run(args: readonly string[]): Promise<void> {
  const [first, ...rest] = args;
  if (first === '__complete') {
    const { complete } = await import('./completion/index.ts');
    process.stdout.write(await complete(rest, process.env, process.cwd()));
  } else {
    const { runProcess } = await import('./process.ts');
    await runProcess(args);
  }
}
