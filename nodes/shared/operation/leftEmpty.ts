import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { invalid } from '../errors';

/**
 * Looks for an option or a filter that somebody has added in the form and left empty. Taken for nothing, it would send at
 * once what was to be scheduled, or list everybody. What an expression resolves to is the matter of whoever reads it;
 * additional fields may be empty, as their help says.
 *
 * @param written the node's parameters as they are saved
 * @throws OperationError `invalid`
 */
export function assertNothingLeftEmpty(fields: INodeProperties[], written: INodeParameters): void {
	for (const { name, type, options = [] } of fields) {
		const added = written[name];
		if (type !== 'collection' || name === 'additionalFields') continue;
		if (typeof added !== 'object' || added === null) continue;
		for (const entry of options) {
			if (!('type' in entry) || !(entry.name in added)) continue;
			if (!isEmpty((added as INodeParameters)[entry.name])) continue;
			throw invalid(
				entry.displayName,
				'is empty',
				'It was added and would do nothing: fill it in, or remove it from the form.',
			);
		}
	}
}

function isEmpty(value: unknown): boolean {
	return typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.length === 0;
}
