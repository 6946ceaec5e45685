/** Fields of a request that are filled in: no empty texts and lists. */
export function filled<V extends string | string[]>(fields: Record<string, V>): Record<string, V> {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.length > 0));
}
