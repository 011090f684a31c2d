/**
 * Which globals a pickle of a model has no business with. Whatever a pickle names can be called by it while it is loaded, so these
 * run commands, evaluate text, open files or sockets, load further pickles, or lead to a module that does.
 * It is a net with known holes (cloudpickle carries functions whole, and models need that), not a sandbox: workers still run as
 * processes of their own.
 */
const modules = new Set(
  `os posix nt subprocess commands sys importlib imp pkgutil zipimport runpy shutil socket socketserver ssl ctypes _ctypes cffi
  code codeop pty pydoc pdb bdb trace timeit profile cProfile doctest webbrowser urllib urllib2 urllib3 http httplib ftplib smtplib
  telnetlib imaplib poplib nntplib xmlrpc requests aiohttp httpx paramiko asyncio multiprocessing _posixsubprocess signal atexit site sysconfig
  distutils setuptools pip ensurepip venv platform tempfile fileinput glob linecache inspect gc marshal shelve dbm pickle _pickle
  cPickle pickletools tkinter idlelib lib2to3 unittest popen2 antigravity sqlite3 mmap resource fcntl io _io builtins __builtin__`.split(
    /\s+/,
  ),
);

/** Names of those modules that models do use. */
const harmless = new Set(
  `builtins.object builtins.set builtins.frozenset builtins.list builtins.dict builtins.tuple builtins.int builtins.float
  builtins.complex builtins.bool builtins.str builtins.bytes builtins.bytearray builtins.slice builtins.range builtins.type
  builtins.property builtins.staticmethod builtins.classmethod builtins.super builtins.len builtins.min builtins.max builtins.sum
  builtins.abs builtins.round builtins.sorted builtins.reversed builtins.enumerate builtins.zip builtins.map builtins.filter
  builtins.any builtins.all builtins.repr builtins.hash builtins.isinstance builtins.print builtins.NotImplemented
  builtins.Ellipsis builtins.long builtins.unicode builtins.basestring builtins.xrange
  io.BytesIO _io.BytesIO io.StringIO _io.StringIO pickle.PickleBuffer _pickle.PickleBuffer inspect.Signature
  inspect.Parameter inspect._ParameterKind inspect._empty platform.uname_result`.split(/\s+/),
);

/** Single functions of modules that are harmless otherwise. */
const functions = new Set(
  `operator.attrgetter operator.methodcaller _operator.attrgetter _operator.methodcaller
  joblib.load joblib.numpy_pickle.load joblib.numpy_pickle.load_temporary_memmap sklearn.externals.joblib.load
  numpy.load numpy.lib.npyio.load numpy.lib._npyio_impl.load numpy.testing._private.utils.runstring numpy.loadtxt
  numpy.genfromtxt numpy.fromregex pandas.eval pandas.core.computation.eval.eval
  codecs.open codecs.EncodedFile uuid._popen uuid._get_command_stdout numexpr.evaluate numexpr.necompiler.evaluate
  torch.storage._load_from_bytes torch.load torch.serialization.load torch.jit.load torch.package.PackageImporter torch.hub.load
  cloudpickle.load cloudpickle.loads cloudpickle.cloudpickle.load cloudpickle.cloudpickle.loads dill.load dill.loads
  dill._dill.load dill._dill.loads yaml.load yaml.unsafe_load yaml.full_load yaml.load_all yaml.unsafe_load_all
  types.CodeType types.FunctionType types.LambdaType types.ModuleType logging.config.dictConfig logging.config.fileConfig logging.config.listen
  tensorflow.io.write_file tensorflow.py_function tensorflow.numpy_function`.split(/\s+/),
);

/** Whole parts of packages. */
const prefixes = [
  "numpy.f2py.",
  "numpy.distutils.",
  "numpy.testing.",
  "numpy.ctypeslib.",
  "mlflow.projects.",
  "test.support.",
  "torch.hub.",
  "torch.utils.cpp_extension.",
  "torch.utils.bottleneck.",
  "torch.utils.collect_env.",
  "torch.utils._config_module.",
  "torch.jit.unsupported_tensor_ops.",
  "torch.fx.experimental.",
  "torch._dynamo.",
  "torch._inductor.",
];

/** Steps on the way through an object to a module or a function that runs anything: `a.b.os.system`. */
const steps = new Set(
  `os posix nt subprocess sys builtins __builtins__ __builtin__ importlib shutil socket ctypes pty runpy eval exec execfile system popen
  __import__ __globals__ __subclasses__ __getattribute__ __code__ __reduce_ex__ modules`.split(/\s+/),
);

/** Whatever the package, it reads a file that may be or hold a pickle. */
const loaders = new Set(["load_model", "read_pickle"]);

const paths = /^pathlib\.(Pure)?(Posix|Windows)?Path$/;

function isDangerous(global: string): boolean {
  // Python has no such name: text that happens to read as a pickle
  if (/[\s\p{Cc}]/u.test(global)) return false;
  // Python 2's pickles call it __builtin__; Python 3 reads that as builtins.
  const name = global.replace(/^__builtin__\./, "builtins.");
  if (harmless.has(name)) return false;
  if (functions.has(name) || prefixes.some((prefix) => name.startsWith(prefix))) return true;
  const [top = "", ...rest] = name.split(".");
  if (loaders.has(rest.at(-1) ?? "")) return true;
  if (top === "pathlib") return !paths.test(name);
  // exceptions are builtins too
  if (
    top === "builtins" &&
    rest.length === 1 &&
    /^[A-Z]\w*(Error|Exception|Warning|Iteration|Exit|Interrupt)$/.test(rest[0] ?? "")
  )
    return false;
  return modules.has(top) || rest.some((step) => steps.has(step));
}

/** Those of a pickle's globals ("module.name") that are dangerous. */
export const dangerousOf = (globals: readonly string[]): string[] => globals.filter(isDangerous);
