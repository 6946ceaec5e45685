import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { redactorOf } from '../../nodes/shared/redact';

const root = path.join(__dirname, '../..');

/** A regular expression of the nodes or the credentials. */
export interface SourcePattern {
	/** File and line; the file alone of one that is built when it is loaded. */
	where: string;
	pattern: RegExp;
}

/** Of which patterns are made that hide them. */
export const SECRETS = ['\\'.repeat(40), 'the "honey" \\\\ pot', '4111111111111111', 'päss wörd'];
/** Signs that are no part of any pattern, beside those that are: a pump of what is allowed ends with one of them. */
const STRANGERS = ['\u0000', 'x', '\n', '✓'];
/** So many of a pattern's own signs are tried in pairs. */
const MOST_PAIRED = 12;
const ASCII = Array.from({ length: 95 }, (_, code) => String.fromCharCode(32 + code));
const FURTHER = [
	'\t',
	'\r\n',
	'\u00A0',
	'ä',
	'\u0301',
	'\u200B',
	'\uFEFF',
	'π',
	'ж',
	'１',
	'😀',
	'\uFE0F',
	'\u2028',
];

/** Every pattern in the sources: the literals as the compiler reads them, and what is built of them on loading. */
export function sourcePatterns(): SourcePattern[] {
	const files = ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.ts'))
			.map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
	);
	return files.flatMap((file) => [...literalsIn(file), ...builtIn(file)]);
}

function literalsIn(file: string): SourcePattern[] {
	const text = readFileSync(path.join(root, file), 'utf8');
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	const found: SourcePattern[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isRegularExpressionLiteral(node)) {
			const [, pattern, flags] = /^\/(.*)\/(\w*)$/s.exec(node.text)!;
			const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
			found.push({ where: `${file}:${line}`, pattern: new RegExp(pattern!, flags) });
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** Runs a file that builds patterns of texts, and takes down what it builds. */
function builtIn(file: string): SourcePattern[] {
	const text = readFileSync(path.join(root, file), 'utf8');
	if (!text.includes('new RegExp(')) return [];
	const found: SourcePattern[] = [];
	const noted = new Proxy(RegExp, {
		construct(target, given: [string, string?]) {
			const pattern = new target(...given);
			found.push({ where: file, pattern });
			return pattern;
		},
	});
	const { outputText } = ts.transpileModule(text, {
		compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
	});
	const run = new Function('require', 'exports', 'RegExp', outputText) as (
		require: (name: string) => unknown,
		exports: { redactorOf?: typeof redactorOf },
		pattern: typeof RegExp,
	) => void;
	const exported: { redactorOf?: typeof redactorOf } = {};
	const beside = (name: string) =>
		module.require(name.startsWith('.') ? path.join(root, path.dirname(file), name) : name) as unknown;
	run(beside, exported, noted);
	exported.redactorOf?.(SECRETS)('x');
	return found;
}

/**
 * Texts that keep a careless pattern busy: every sign over and over, and every two signs that stand in the pattern, behind
 * what may begin a match and before what breaks it off.
 */
function* pumps({ source }: RegExp): Generator<(signs: number) => string> {
	const own = [...new Set(source.match(/\p{L}|\p{N}|[^\\[\](){}|^$?*+\w]/gu) ?? [])];
	const words = source.match(/[a-z]{3,}/gi) ?? [];
	const units = [...new Set([...ASCII, ...FURTHER, ...own, ...words])];
	const paired = [...new Set([...own, '1', 'a', ' ', '"', '\\'])].slice(0, MOST_PAIRED);
	for (const first of paired) for (const second of paired) units.push(`${first}${second}`);
	for (const unit of units) {
		for (const before of ['', words[0] ?? '1']) {
			yield (signs) =>
				before + unit.repeat(Math.ceil(signs / unit.length)) + STRANGERS[unit.length % STRANGERS.length]!;
		}
	}
}

/** Processor time of some work, in ms: what others have of the processor meanwhile does not count. */
export function taken(work: () => unknown): number {
	const began = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(began);
	return (user + system) / 1000;
}

/** What a pattern takes for a text, as it is used: for all of it where it looks for all. */
function takenBy(pattern: RegExp, text: string): number {
	pattern.lastIndex = 0;
	return taken(() => (pattern.global ? text.replace(pattern, '') : pattern.exec(text)));
}

/** So many of the texts that a pattern is slowest with are tried at full length. */
const SLOWEST = 12;

/**
 * The longest that a pattern takes, in ms of processor time, for the worst of its texts at some length.
 *
 * @param signs at which it is measured; all texts are tried at a hundredth of it
 * @param turns of each text, the fastest of which counts
 */
export function longest({ pattern }: SourcePattern, signs: number, turns = 2): number {
	const tried = [...pumps(pattern)].map((pump) => ({ pump, ms: takenBy(pattern, pump(signs / 100)) }));
	const slowest = tried.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
	return Math.max(
		...slowest.map(({ pump }) =>
			Math.min(...Array.from({ length: turns }, () => takenBy(pattern, pump(signs)))),
		),
	);
}
