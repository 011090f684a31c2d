import { Text } from "@mantine/core";
import { TextLink } from "./links.tsx";
import { Page } from "./page.tsx";

export function NotFound() {
  return (
    <Page title="There is no such page">
      <Text>
        The address may be mistyped, or what it named was deleted. <TextLink to="/">Back to Home</TextLink>
      </Text>
    </Page>
  );
}
