import type { IConnections, INode } from 'n8n-workflow';

/** What of a workflow n8n's editor draws. */
interface Drawn {
	nodes: INode[];
	connections: IConnections;
}

/** The lines of a workflow that pass a node on their way, or the name under it, as n8n's editor draws them. */
export function hiddenLines({ nodes, connections }: Drawn): string[] {
	const rest = nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
	const lines = rest.flatMap((from) =>
		(connections[from.name]?.main ?? []).flatMap((targets, output, outputs) =>
			(targets ?? []).map((target) => ({
				from,
				to: rest.find(({ name }) => name === target.node)!,
				start: [
					from.position[0] + 96,
					from.position[1] + (96 * (output + 1)) / (outputs.length + 1),
				] as const,
			})),
		),
	);
	return lines.flatMap(({ from, to, start }) => {
		const end = [to.position[0], to.position[1] + 48] as const;
		const points = Array.from({ length: 51 }, (_, step) => pointOf(start, end, step / 50));
		const passes = ({ position: [x, y] }: INode) =>
			points.some(([left, top]) => x < left && left < x + 96 && y < top && top < y + 140);
		const passed = rest.filter((node) => node !== from && node !== to && passes(node));
		return passed.map(({ name }) => `${from.name} - ${to.name}: ${name}`);
	});
}

/** A point of the curve that goes out and comes in level. @param part of the way, 0 to 1 */
function pointOf([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number], part: number) {
	const [before, first, second, after] = [
		(1 - part) ** 3,
		3 * part * (1 - part) ** 2,
		3 * part ** 2 * (1 - part),
		part ** 3,
	];
	const middle = (x0 + x1) / 2;
	return [
		x0 * before + middle * (first + second) + x1 * after,
		y0 * (before + first) + y1 * (second + after),
	] as const;
}
