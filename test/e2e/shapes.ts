import { NodeHelpers, type INode, type INodeParameters, type INodeTypeDescription } from 'n8n-workflow';

/** Values that each user picks in the editor. */
const PICKED = ['resourceLocator', 'resourceMapper'];

/**
 * Where a node of a workflow is other than n8n's own description of it: a version or a parameter that it does not have, a
 * value that it does not offer, a field that is missing. What each user picks, such as a spreadsheet, may be empty.
 */
export function misshapen(node: INode, types: INodeTypeDescription[]): string[] {
	const [, name] = node.type.split('.');
	const description = types.find(
		(type) => type.name.split('.').pop() === name && [type.version].flat().includes(node.typeVersion),
	);
	if (!description) return [`${node.name}: n8n has no ${node.type} of version ${node.typeVersion}`];
	const { properties } = description;
	// The poll times are n8n's own.
	const { pollTimes, ...parameters } = node.parameters;
	const full = NodeHelpers.getNodeParameters(properties, parameters, true, false, node, description) ?? {};
	const issues = Object.entries(
		NodeHelpers.getNodeParametersIssues(properties, { ...node, parameters }, description)?.parameters ?? {},
	).filter(
		([key]) => !properties.some((property) => property.name === key && PICKED.includes(property.type)),
	);
	return [
		...(pollTimes !== undefined && !description.polling ? [`${node.name} does not poll`] : []),
		...lost(parameters, full, node.name),
		...issues.map(([key, texts]) => `${node.name}.${key}: ${texts.join()}`),
	];
}

/** What n8n drops of the parameters because no field of the node takes it. */
function lost(given: INodeParameters, kept: INodeParameters, at: string): string[] {
	return Object.entries(given).flatMap(([key, value]) => {
		const place = `${at}.${key}`;
		if (!(key in kept)) return [`${place} is no parameter`];
		const other = kept[key];
		// A list is compared entry by entry, each of which n8n fills up with what is left out.
		if (typeof value === 'object' && value !== null && typeof other === 'object' && other !== null)
			return lost(value as INodeParameters, other as INodeParameters, place);
		return value === other ? [] : [`${place} is ${JSON.stringify(other)} then`];
	});
}
