import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '..');

/** The page with the picture. */
export const ARCHITECTURE = 'docs/architecture.md';

const NODE = 'nodes/<Node>/*.node.ts';

/**
 * The room that a file stands in: its folder. The folders of the nodes count as one; what n8n loads of them, and the list
 * of their resources, are above the rest of it.
 *
 * @param file without its ending
 */
function roomOf(file: string): string {
	if (/^nodes\/\w+\/(\w+\.node|resources)$/.test(file)) return NODE;
	const folder = path.posix.dirname(file);
	return folder.replace(/^nodes\/(?!shared)\w+(\/resources)?.*/, 'nodes/<Node>$1') + '/';
}

/** The rooms and whom each of them imports from, types included. */
export function roomsOf(): Map<string, Set<string>> {
	const rooms = new Map<string, Set<string>>();
	for (const folder of ['credentials', 'nodes']) {
		const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
		for (const file of files.filter((name) => name.endsWith('.ts'))) {
			const from = path.posix.join(folder, file.replaceAll('\\', '/')).replace(/\.ts$/, '');
			const others = rooms.get(roomOf(from)) ?? new Set();
			rooms.set(roomOf(from), others);
			const { importedFiles } = ts.preProcessFile(readFileSync(path.join(root, `${from}.ts`), 'utf8'));
			for (const { fileName } of importedFiles) {
				if (fileName.startsWith('.')) others.add(roomOf(path.posix.join(path.posix.dirname(from), fileName)));
			}
		}
	}
	for (const [room, others] of rooms) others.delete(room);
	return rooms;
}

/** Whether one room is reached from another over a third. */
function isReachedOverOthers(rooms: Map<string, Set<string>>, from: string, to: string): boolean {
	const seen = new Set([from]);
	const open = [...rooms.get(from)!].filter((room) => room !== to);
	for (let room = open.pop(); room !== undefined; room = open.pop()) {
		if (room === to) return true;
		if (!seen.has(room)) open.push(...rooms.get(room)!);
		seen.add(room);
	}
	return false;
}

/**
 * The rooms of the sources as a mermaid picture: an arrow goes to the room that is imported from. What can be reached over
 * other rooms has no arrow of its own.
 */
export function architecturePicture(): string {
	const rooms = roomsOf();
	const names = [...rooms.keys()].sort();
	const idOf = (room: string) => room.replace(/\W+/g, '_').replace(/_$/, '');
	const arrows = names.flatMap((room) =>
		[...rooms.get(room)!]
			.sort()
			.filter((other) => !isReachedOverOthers(rooms, room, other))
			.map((other) => `\t${idOf(room)} --> ${idOf(other)}`),
	);
	const boxes = names.map((room) => `\t${idOf(room)}["${room.replace('<', '&lt;').replace('>', '&gt;')}"]`);
	return ['```mermaid', 'flowchart TD', ...boxes, ...arrows, '```'].join('\n');
}

/** The page with the picture as it is now. */
export function architecturePage(): string {
	const text = readFileSync(path.join(root, ARCHITECTURE), 'utf8');
	return text.replace(/```mermaid\n.*?```/s, () => architecturePicture());
}
