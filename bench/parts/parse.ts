// Reading a project: cold, warm, after one edit; listing it and compiling it; against reading and hashing the same files.
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Aim, cpuAtMost, type Group } from '../comparison.ts';
import { generateProject } from '../generate-project.ts';
import { measure } from '../measure.ts';
import { bareCommand, dwhCommand, newFolder, remove, type Setting, untilFilesAreOld } from '../setting.ts';

const hashed = 'read and hash';
/** The aims are set for projects of this size. */
const aimedSize = 10_000;

export function* parsePart(setting: Setting, sizes: readonly number[]): Generator<Group, void> {
  for (const models of sizes) {
    const project = newFolder(setting, `parse-${models}`);
    generateProject(project, { models, shape: 'layered' });
    const target = join(project, 'target');
    const edited = join(project, 'models', 'area_00000', 'stg_00000_0.sql');
    let edits = 0;
    const edit = (): void => appendFileSync(edited, `-- edit ${++edits}\n`);
    const parse = (name: string, before?: () => void) =>
      dwhCommand(setting, project, ['parse'], { name: `parse, ${name}`, ...(before && { before }) });
    measure(parse('first'));
    untilFilesAreOld();
    measure(parse('second'));
    yield {
      title: `${models} models`,
      commands: [
        { name: hashed, argv: bareCommand('hash-files', project), cwd: project },
        parse('cold', () => forget(target)),
        parse('warm'),
        parse('after one edit', edit),
        dwhCommand(setting, project, ['ls'], { name: 'ls, warm' }),
        dwhCommand(setting, project, ['ls', '-s', 'tag:mart'], { name: 'ls -s tag:mart, warm' }),
        dwhCommand(setting, project, ['compile'], { name: 'compile, warm' }),
      ],
      baselines: [hashed],
      aims: models === aimedSize ? aims : [],
    };
    remove(project);
  }
}

/** Removes what is known of the last parse. Not compiled/: to make tens of thousands of files where as many were removed takes long. */
function forget(target: string): void {
  for (const entry of readdirSync(target, { withFileTypes: true })) if (entry.isFile()) remove(join(target, entry.name));
}

const aims: readonly Aim[] = [cpuAtMost('parse, cold', 5), cpuAtMost('parse, warm', 0.8)];
