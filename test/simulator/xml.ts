import type { Content, Value } from './wire';

const header = '<?xml version="1.0" encoding="UTF-8"';

function escaped(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/**
 * XML as Club Texting and Click2Mail write it: one element to a line, nothing indented, an empty value as a
 * self-closed tag.
 */
export function writeNamedXml(
	root: string,
	content: Content,
	options: { standalone?: boolean; booleans: (value: boolean) => string; childOf: (list: string) => string },
): string {
	const lines = [`${header}${options.standalone ? ' standalone="yes"' : ''}?>`];

	function write(name: string, value: Value): void {
		if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) {
			lines.push(`<${name} />`);
		} else if (Array.isArray(value)) {
			lines.push(`<${name}>`);
			for (const child of value) write(options.childOf(name), child);
			lines.push(`</${name}>`);
		} else if (typeof value === 'object') {
			lines.push(`<${name}>`);
			for (const [key, child] of Object.entries(value)) write(key, child);
			lines.push(`</${name}>`);
		} else {
			const text = typeof value === 'boolean' ? options.booleans(value) : escaped(String(value));
			lines.push(`<${name}>${text}</${name}>`);
		}
	}

	write(root, content);
	return `${lines.join('\n')}\n`;
}

/** XML as MailPartner writes it: positions in place of names, every element an `entry`. */
export function writePositionalXml(content: Content): string {
	const lines = [`${header}?>`, '<result>'];

	function write(value: Value): void {
		if (typeof value === 'object' && value !== null) {
			lines.push('<entry>');
			for (const child of Object.values(value)) write(child);
			lines.push('</entry>');
		} else if (typeof value === 'string') {
			lines.push(`<entry><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></entry>`);
		} else {
			lines.push(value === null ? '<entry/>' : `<entry>${value}</entry>`);
		}
	}

	for (const value of Object.values(content)) write(value);
	return `${[...lines, '</result>'].join('\n')}\n`;
}
