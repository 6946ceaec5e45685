import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { cards, startSimulator } from '../simulator';

const project = path.join(__dirname, '../..');

/** What `npm run demo` needs; in a copy of its own, it can build while other tests read the project. */
const needed = [
	'credentials',
	'examples',
	'gulpfile.js',
	'icons',
	'LICENSE',
	'nodes',
	'package.json',
	'test/engine',
	'test/simulator',
	'tsconfig.build.json',
	'tsconfig.json',
];

let copy: string;
let built: Output;

beforeAll(async () => {
	copy = await mkdtemp(path.join(tmpdir(), 'demo-test-'));
	for (const name of needed) await cp(path.join(project, name), path.join(copy, name), { recursive: true });
	await symlink(path.join(project, 'node_modules'), path.join(copy, 'node_modules'));
	built = await start('npm', ['run', 'demo']);
});
afterAll(async () => {
	await rm(copy, { recursive: true });
});

interface Output {
	exitCode: number;
	stdout: string;
	stderr: string;
}

function start(command: string, args: string[]): Promise<Output> {
	return new Promise((resolve) => {
		execFile(command, args, { cwd: copy, env: environment() }, (error, stdout, stderr) => {
			resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
		});
	});
}

/** As a person's shell has it: without what a test runner sets. */
function environment(): NodeJS.ProcessEnv {
	const { NODE_ENV, FORCE_COLOR, ...rest } = process.env;
	void [NODE_ENV, FORCE_COLOR];
	return rest;
}

/** The demo alone, with what the first run has built. */
const demo = () => start(process.execPath, ['--import', 'tsx', 'examples/demo.ts']);

/** The lines under a heading of one of the five runs. */
function section(output: string, run: number, heading: string): string {
	const runs = output.split(/^(?=\d+\. )/m);
	const part = runs[run]?.split('\n\n').find((text) => text.startsWith(heading));
	return part ?? '';
}

test('the command builds the package, runs the examples and ends with exit code 0', () => {
	expect(built.stdout).toMatch(/All 10 runs went as expected, in \d+\.\d seconds\.\n$/);
	expect(built.exitCode).toBe(0);
});

test('it shows what went in, what came out, what failed and why, what left, and the books', () => {
	const { stdout } = built;
	expect(section(stdout, 1, 'Items in: 8')).toContain('evt-2047  Chloe Martin    (929) 555-0181');
	expect(section(stdout, 1, 'Items out: 5')).toMatch(/evt-2043 +opted out +6419 +3 /);
	expect(section(stdout, 1, 'Failed items')).toMatch(/evt-2045 +refused +Club Texting refused: PhoneNumbers/);
	expect(section(stdout, 1, 'Requests that left: 3')).toContain('POST /sending/messages  HTTP 403');
	expect(section(stdout, 1, 'What the books say')).toMatch(/Texts delivered +0 +3$/m);

	expect(section(stdout, 2, 'Items out: 3')).toMatch(
		/Top Up Click2Mail +topped up +12\.40 USD +100\.00 USD +112\.40 USD/,
	);
	expect(section(stdout, 2, 'What the books say')).toMatch(/main account +300\.00 EUR +280\.00 EUR/);
	expect(section(stdout, 3, 'Failed items')).toMatch(/cus-7304 +refused +MailPartner refused:/);
	expect(section(stdout, 3, 'What the books say')).toMatch(/camille@bakery-dupont\.example +– +10\.00 EUR/);
});

test('it shows that a second run sends nothing twice', () => {
	expect(section(built.stdout, 4, 'Items out: 5').match(/skipped/g)).toHaveLength(5);
	expect(section(built.stdout, 4, 'What the books say')).toMatch(/Texts delivered +3 +3$/m);
	expect(section(built.stdout, 4, 'What the books say')).toMatch(/Most texts to one person +1 +1$/m);
});

test('it shows what a polling trigger has found, and what came of it', () => {
	expect(section(built.stdout, 5, 'Items in: 1')).toMatch(/31\.50 USD +50\.00 USD +crossed/);
	expect(section(built.stdout, 5, 'Items out: 2')).toMatch(
		/Top Up Click2Mail +topped up +before 31\.50 USD, after 131\.50 USD/,
	);
});

test('it shows that a text waits for the day, who has opted out, and every balance', () => {
	expect(section(built.stdout, 6, 'Items out: 4')).toMatch(/Send Welcome +sent +between 8 and 20/);
	expect(section(built.stdout, 7, 'Items out: 1')).toMatch(/9175550118 +Priya Nair +true/);
	expect(section(built.stdout, 8, 'Items out: 5')).toMatch(/hugo@atelier-moreau\.example +25\.50 EUR/);
	expect(section(built.stdout, 9, 'Items out: 4')).toMatch(/Send Welcome +sent +between 8 and 20/);
});

test('it shows a letter: each request, and that only its submit has cost something', () => {
	expect(section(built.stdout, 10, 'Items out: 3')).toMatch(
		/cus-801 +mailed +\d+ +Awaiting Production +1\.17 USD/,
	);
	expect(section(built.stdout, 10, 'Requests that left: 18')).toMatch(
		/POST \/jobs\/\d+\/submit +HTTP 200 +User Credit/,
	);
	expect(section(built.stdout, 10, 'What the books say')).toMatch(/balance +131\.50 USD +129\.16 USD$/m);
});

test('away from a terminal it is plain text, fits 100 columns, and nothing else is printed', () => {
	const [before = '', after = ''] = built.stdout.split(/^(?=The example workflows)/m);
	const ofNpmAndGulp = /^(> .*|\[\d\d:\d\d:\d\d\] .*|)$/;
	expect(before.split('\n').filter((line) => !ofNpmAndGulp.test(line))).toEqual([]);
	expect(built.stderr).toBe('');
	expect(after).toBe(stripVTControlCharacters(after));
	expect(after).toContain('as expected');
	expect(after.split('\n').filter((line) => stringWidth(line) > 100)).toEqual([]);
});

test('it shows no secret', async () => {
	const simulator = await startSimulator();
	const secrets = [
		simulator.click2mail.credentials.password,
		simulator.clubTexting.credentials.password,
		simulator.ezTexting.credentials.password,
		simulator.mailPartner.credentials.apiKey,
		...simulator.mailPartner.books.subaccounts.map(({ apiKey }) => apiKey),
		cards.visa.number,
	];
	await simulator.close();
	for (const secret of secrets) expect(built.stdout).not.toContain(secret);
});

test('it says what is not as expected, and ends with exit code 1', async () => {
	const example = path.join(copy, 'examples/new-customers.json');
	const workflow = await readFile(example, 'utf8');
	await writeFile(example, workflow.replace('"startingCredit": 25.5', '"startingCredit": 30'));
	const { exitCode, stdout } = await demo();

	expect(exitCode).toBe(1);
	const [, troubles = ''] = stdout.split('Not everything went as expected.');
	expect(troubles.match(/^\d\. .*\n.*should be$/gm)).toEqual([
		'3. New customers get sub-accounts with starting credit\nRequests that left: should be',
		'3. New customers get sub-accounts with starting credit\nWhat the books say: should be',
		'8. A report of all sub-accounts, once a month\nItems out: should be',
		'8. A report of all sub-accounts, once a month\nWhat the books say: should be',
	]);
	expect(troubles).toContain('hugo@atelier-moreau.example | – | 30.00 EUR');
});
