import { afterAll, beforeAll, expect, test } from "vitest";
import { type MlflowClient, mlflowClient } from "./mlflow-client.ts";

let mlflow: MlflowClient;
beforeAll(async () => {
  mlflow = await mlflowClient();
});
afterAll(() => mlflow.remove());

test("models: created, looked at, described, tagged, renamed and deleted by the client", async () => {
  const result = await mlflow.python<Record<string, unknown>>(`
made = client.create_registered_model("first", tags={"team": "vision"}, description="one")
again = refused(client.create_registered_model, "first")
client.update_registered_model("first", "two")
client.set_registered_model_tag("first", "a key/with: all.kinds-of_signs", "1")
client.delete_registered_model_tag("first", "team")
client.delete_registered_model_tag("first", "never there")
shown = client.get_registered_model("first")
client.rename_registered_model("first", "second")
gone = refused(client.get_registered_model, "first")
renamed = client.get_registered_model("second")
client.delete_registered_model("second")
result = dict(made=[made.name, made.tags, made.description, made.creation_timestamp > 1e12], again=again, gone=gone,
  shown=[shown.description, shown.tags], renamed=[renamed.name, renamed.description, renamed.tags],
  deleted=refused(client.get_registered_model, "second"), unknown=refused(client.update_registered_model, "nobody", "x"))
`);
  expect(result).toEqual({
    made: ["first", { team: "vision" }, "one", true],
    again: "RESOURCE_ALREADY_EXISTS",
    gone: "RESOURCE_DOES_NOT_EXIST",
    shown: ["two", { "a key/with: all.kinds-of_signs": "1" }],
    renamed: ["second", "two", { "a key/with: all.kinds-of_signs": "1" }],
    deleted: "RESOURCE_DOES_NOT_EXIST",
    unknown: "RESOURCE_DOES_NOT_EXIST",
  });
});

test("versions: numbered, described, tagged, staged, aliased and deleted by the client", async () => {
  const result = await mlflow.python<Record<string, unknown>>(`
client.create_registered_model("m")
one, two, three = [client.create_model_version("m", "s3://bucket/%d" % n, tags={"n": str(n)}, description="d") for n in (1, 2, 3)]
client.update_model_version("m", "1", "new")
client.set_model_version_tag("m", "1", "k", "v")
client.delete_model_version_tag("m", "1", "n")
shown = client.get_model_version("m", "1")
client.set_registered_model_alias("m", "champion", "1")
client.set_registered_model_alias("m", "champion", "2")
aliased = client.get_model_version_by_alias("m", "champion")
with_aliases = client.get_registered_model("m").aliases
client.delete_registered_model_alias("m", "champion")
client.delete_registered_model_alias("m", "champion")
staged = client.transition_model_version_stage("m", "1", "staging").current_stage
client.transition_model_version_stage("m", "2", "Production")
moved = client.transition_model_version_stage("m", "3", "PRODUCTION", archive_existing_versions=True).current_stage
latest = {v.current_stage: v.version for v in client.get_latest_versions("m")}
only = [v.version for v in client.get_latest_versions("m", stages=["Production"])]
uri = client.get_model_version_download_uri("m", "1")
client.delete_model_version("m", "3")
next_number = client.create_model_version("m", "s3://bucket/4").version
result = dict(numbers=[one.version, two.version, three.version], status=one.status, stage=one.current_stage, source=one.source,
  shown=[shown.description, shown.tags], aliased=[aliased.version, aliased.aliases], with_aliases=with_aliases, staged=staged, moved=moved,
  latest=latest, only=only, uri=uri, next=next_number,
  no_alias=refused(client.get_model_version_by_alias, "m", "champion"),
  reserved=[refused(client.set_registered_model_alias, "m", alias, "1") for alias in ("latest", "Latest", "v1", "a b")],
  no_version=refused(client.set_registered_model_alias, "m", "x", "99"), deleted=refused(client.get_model_version, "m", "3"),
  bad_stage=refused(client.transition_model_version_stage, "m", "1", "Nowhere"))
`);
  expect(result).toEqual({
    numbers: ["1", "2", "3"],
    status: "READY",
    stage: "None",
    source: "s3://bucket/1",
    shown: ["new", { k: "v" }],
    aliased: ["2", ["champion"]],
    with_aliases: { champion: "2" },
    staged: "Staging",
    moved: "Production",
    latest: { Staging: "1", Archived: "2", Production: "3" },
    only: ["3"],
    uri: "s3://bucket/1",
    next: "4",
    no_alias: "INVALID_PARAMETER_VALUE",
    reserved: Array(4).fill("INVALID_PARAMETER_VALUE"),
    no_version: "RESOURCE_DOES_NOT_EXIST",
    deleted: "RESOURCE_DOES_NOT_EXIST",
    bad_stage: "INVALID_PARAMETER_VALUE",
  });
});

test("searches: filter, order and paging are MLflow's; versions come with their aliases", async () => {
  const result = await mlflow.python<Record<string, unknown>>(`
for name in ("s-a", "s-b", "S-c", "s_d"):
    client.create_registered_model(name, tags={"kind": name[-1], "any key": "x"})
for n in range(5):
    client.create_model_version("s-a", "s3://b/%d" % n, run_id="run%d" % (n % 2), tags={"odd": str(n % 2)})
client.set_registered_model_alias("s-a", "champion", 3)
models = lambda f=None, **more: [m.name for m in client.search_registered_models(f, **more)]
versions = lambda f=None, **more: [int(v.version) for v in client.search_model_versions(f, **more)]
pages, token = [], None
while True:
    page = client.search_model_versions("name = 's-a'", max_results=2, order_by=["version_number ASC"], page_token=token)
    pages.append([int(v.version) for v in page]); token = page.token
    if not token: break
result = dict(
  like=models("name LIKE 's-%'"), ilike=models("name ILIKE 's-%'"), exact=models("name = 's-b'"), some=models("name IN ('s-a', 's_d')"),
  tag=models("tags.kind = 'b' AND tag.\`any key\` = 'x'"), none=models("tags.nobody != 'x'"), ordered=models("name ILIKE 's%'", order_by=["name DESC"]),
  by_run=versions("run_id = 'run1' and name = 's-a'"), above=versions("name='s-a' AND version_number >= 3", order_by=["version_number DESC"]),
  source=versions("source_path = 's3://b/4'"), odd=versions("name='s-a' and tags.odd = '1'", order_by=["version_number"]), pages=pages,
  aliases=[v.aliases for v in client.search_model_versions("name = 's-a'", order_by=["version_number ASC"])],
  refused=[refused(client.search_model_versions, f) for f in ("current_stage = 'None'", "name = 's' OR name = 't'", "(name = 's')", "name", "name = s", "version_number LIKE '1'", "run_id IN ()")]
    + [refused(client.search_registered_models, "timestamp > 1"), refused(client.search_registered_models, order_by=["description"]),
       refused(client.search_registered_models, max_results=1001), refused(client.search_registered_models, page_token="garbage")])
`);
  expect(result).toEqual({
    like: ["s-a", "s-b"],
    ilike: ["S-c", "s-a", "s-b"],
    exact: ["s-b"],
    some: ["s-a", "s_d"],
    tag: ["s-b"],
    none: [],
    ordered: ["s_d", "s-b", "s-a", "S-c"],
    by_run: [4, 2],
    above: [5, 4, 3],
    source: [5],
    odd: [2, 4],
    pages: [[1, 2], [3, 4], [5]],
    aliases: [[], [], ["champion"], [], []],
    refused: Array(11).fill("INVALID_PARAMETER_VALUE"),
  });
});

test("what MLflow cannot see of a version is the same version in our own API", async () => {
  await mlflow.python(
    'client.create_registered_model("both"); client.create_model_version("both", "s3://far/away"); result = 0',
  );
  const ours = await mlflow.server.client.getModel({ name: "both", version: 1 });
  expect(ours).toMatchObject({ reference: "both:1", external: true, source: "s3://far/away", files: [] });
  await mlflow.server.client.setAlias({ name: "both", alias: "live", version: 1 });
  await mlflow.server.client.tagModel({ name: "both", version: 1, tags: { seen: "here" } });
  expect(
    await mlflow.python('v = client.get_model_version_by_alias("both", "live"); result = [v.version, v.tags]'),
  ).toEqual(["1", { seen: "here" }]);
  await expect(mlflow.server.client.buildImage({ models: ["both"] })).rejects.toMatchObject({
    code: "version-external",
  });
});

test("the client's user name and password open the door when the token is one of them; its role says what may be done", async () => {
  const { token } = mlflow.server;
  const search = "/api/2.0/mlflow/registered-models/search";
  const as = async (authorization: string, method = "GET", path = search, body?: object) => {
    const { status, json } = await mlflow.raw(method, path, body, { authorization });
    return [status, json.error_code];
  };
  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const reader = (await mlflow.server.client.createToken({ role: "reader", name: "looks" })).token;
  expect(await as(basic(token, ""))).toEqual([200, undefined]);
  expect(await as(basic("anybody", "wrong"))).toEqual([401, "UNAUTHENTICATED"]);
  for (const header of ["", "Basic", "Basic ?", "Bearer", "Bearer x", "Digest x"])
    expect(await as(header)).toEqual([401, "UNAUTHENTICATED"]);
  expect(await as(basic("anybody", reader))).toEqual([200, undefined]);
  const create = "/api/2.0/mlflow/registered-models/create";
  expect(await as(`Bearer ${reader}`, "POST", create, { name: "no" })).toEqual([403, "PERMISSION_DENIED"]);
  expect(await as(`Bearer ${reader}`, "PUT", "/api/2.0/mlflow-artifacts/artifacts/0/x", {})).toEqual([
    403,
    "PERMISSION_DENIED",
  ]);
  const named = { MLFLOW_TRACKING_TOKEN: "", MLFLOW_TRACKING_USERNAME: "anybody", MLFLOW_TRACKING_PASSWORD: token };
  expect(await mlflow.python('result = client.create_registered_model("by password").name', named)).toBe("by password");
});
