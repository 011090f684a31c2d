import { AppShell, Badge, Burger, Button, Group, Menu, NavLink } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { followEvents } from "../../live.ts";
import { signOut } from "../../session.ts";
import { ColorScheme } from "../../ui/color-scheme.tsx";
import { StepLink, TextLink } from "../../ui/links.tsx";

const steps = [
  { to: "/", label: "Home" },
  { to: "/register", label: "Register" },
  { to: "/use", label: "Use" },
  { to: "/monitor", label: "Monitor" },
  { to: "/update", label: "Update" },
] as const;

/** What stands around every page: the four steps, who is signed in, and whether the page is live. */
export function Frame({ who }: { who: { name: string; role: string } }) {
  const [open, { toggle, close }] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [isLive, setLive] = useState(true);
  useEffect(() => followEvents(setLive), []);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 190, breakpoint: "sm", collapsed: { mobile: !open } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <TextLink to="/" fw={700} c="inherit" underline="never">
              Modelyard
            </TextLink>
            {isLive ? null : (
              <Badge color="orange" variant="light" role="status">
                Reconnecting
              </Badge>
            )}
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ColorScheme />
            <Account who={who} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Steps">
        {steps.map(({ to, label }) => (
          <StepLink
            key={to}
            to={to}
            label={label}
            onClick={close}
            active={to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`)}
            aria-current={path === to ? "page" : undefined}
          />
        ))}
        <StepLink mt="auto" to="/settings" label="Settings" onClick={close} active={path.startsWith("/settings")} />
        <NavLink component="a" href="/docs" label="API" />
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function Account({ who }: { who: { name: string; role: string } }) {
  const queries = useQueryClient();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" size="compact-sm" maw="12rem">
          {who.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Role: {who.role}</Menu.Label>
        <Menu.Item
          onClick={async () => {
            await signOut();
            queries.clear();
            window.location.assign("/sign-in");
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
