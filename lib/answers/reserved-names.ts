/** Device names that Windows refuses as file names, with any ending. */
const windows = new Set(["con", "prn", "aux", "nul", ...numbered("com"), ...numbered("lpt")]);

/** Python keywords, soft keywords and the names of Python's own packages a module must not hide. */
const pythonKeywords = new Set(
  (
    "and as assert async await break case class continue def del elif else except finally for from global if import in is lambda " +
    "match nonlocal not or pass raise return try type while with yield false none true"
  ).split(" "),
);

/** Folders of the repository, and packages that its Python imports: a name of ours among them would hide the other. */
const taken = new Set(
  (
    "src tests test docs pipelines mloccli click yaml pyyaml numpy pandas scipy sklearn scikit-learn joblib pytest pylint mypy coverage " +
    "mlflow mlflow-skinny databricks databricks-sdk requests setuptools pip wheel"
  ).split(" "),
);

/** Modules of Python's standard library, which the tests and the tools around them import. */
const pythonStandardLibrary = new Set(
  (
    "abc argparse array ast asyncio base64 bisect builtins bz2 calendar cmath cmd code codecs codeop collections configparser contextlib " +
    "contextvars copy copyreg csv ctypes dataclasses datetime dbm decimal difflib dis email encodings ensurepip enum errno fcntl filecmp " +
    "fileinput fnmatch fractions functools gc getopt getpass gettext glob graphlib gzip hashlib heapq hmac html http imaplib importlib " +
    "inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox marshal math mimetypes mmap multiprocessing netrc " +
    "numbers opcode operator optparse os pathlib pdb pickle pkgutil platform plistlib posix pprint profile pstats pwd queue quopri random " +
    "re readline reprlib resource runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 " +
    "ssl stat statistics string stringprep struct subprocess symtable sys sysconfig syslog tarfile tempfile termios textwrap this threading " +
    "time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle types typing unicodedata unittest urllib uuid venv " +
    "warnings wave weakref webbrowser wsgiref xml xmlrpc zipapp zipfile zipimport zlib zoneinfo"
  ).split(" "),
);

/** Why Windows refuses a file of this name, or undefined. */
export function windowsRefusal(name: string): string | undefined {
  const [stem = ""] = name.toLowerCase().split(".");
  return windows.has(stem)
    ? `${JSON.stringify(name)} is a device name that Windows refuses as a file name`
    : undefined;
}

/** Why a Python package of this name would not work or would hide another, or undefined. */
export function pythonRefusal(name: string): string | undefined {
  if (pythonKeywords.has(name)) return `the Python package ${name} would be a keyword of Python`;
  if (taken.has(name)) return `the Python package ${name} would hide a folder or package of that name`;
  return undefined;
}

/** Whether a top-level module of this name would hide one of Python's own. */
export function hidesStandardLibrary(name: string): boolean {
  return pythonStandardLibrary.has(name);
}

function numbered(stem: string): readonly string[] {
  return Array.from({ length: 10 }, (_, index) => `${stem}${index}`);
}
