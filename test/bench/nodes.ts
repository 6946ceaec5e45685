import { createRequire } from 'node:module';
import path from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { loadPackage, type AnyNodeType } from '../engine';
import { openBench, type Evaluator } from './engine';
import { leastNode } from './floor';
import { HTTP_REQUEST } from './work';

const require = createRequire(__filename);

/** A bench with the packed nodes, n8n's HTTP Request node, and what a task adds. */
export async function openAll(extra: Record<string, INodeType> = {}, evaluator: Evaluator = 'legacy') {
	const own = await loadPackage(path.join(__dirname, 'package'));
	const { HttpRequest } = require('n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js') as {
		HttpRequest: new () => AnyNodeType;
	};
	const credentialTypes = ['HttpBasicAuth', 'HttpQueryAuth', 'HttpCustomAuth'].map((name) => {
		const file = require(`n8n-nodes-base/dist/credentials/${name}.credentials.js`) as Record<
			string,
			new () => ICredentialType
		>;
		return new file[name]!();
	});
	const nodes: Record<string, AnyNodeType> = {
		...own.nodes,
		[HTTP_REQUEST]: new HttpRequest(),
		'bench.least': leastNode,
	};
	const bench = await openBench(
		{ ...nodes, ...extra },
		[...own.credentialTypes, ...credentialTypes],
		evaluator,
	);
	return { bench, nodes };
}
