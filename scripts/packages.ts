import path from 'node:path';

import { packedPackages } from './packPackages';

/** `npm run packages`: builds and packs all packages, and says where they are. */
async function main(): Promise<void> {
	for (const { tarball, size } of await packedPackages(console.log))
		console.log(`${path.relative(process.cwd(), tarball)}  ${(size / 1000).toFixed(1)} kB`);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
