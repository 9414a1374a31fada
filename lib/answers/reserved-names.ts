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
    "src tests test docs pipelines templates mloccli click yaml pyyaml numpy pandas scipy sklearn scikit-learn joblib pytest pylint mypy coverage " +
    "mlflow mlflow-skinny databricks databricks-sdk requests setuptools pip wheel"
  ).split(" "),
);

/** Modules of Python's standard library, which the tests and the tools around them import (sys.stdlib_module_names of 3.9 to 3.14). */
const pythonStandardLibrary = new Set(
  (
    "abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins " +
    "bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall compression concurrent " +
    "configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis " +
    "distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch formatter " +
    "fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http " +
    "idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma " +
    "mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath " +
    "nturl2path numbers opcode operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil " +
    "platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat " +
    "queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil " +
    "signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat " +
    "statistics string stringprep struct subprocess sunau symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib " +
    "tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty " +
    "turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg " +
    "winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo"
  ).split(" "),
);

/** Folders that the repository's .gitignore names: what lies there is never committed. */
const ignored = new Set(["build", "dist", "htmlcov", "mlruns", "outputs"]);

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
  if (pythonStandardLibrary.has(name))
    return `the Python package ${name} would hide Python's own module ${name}`;
  return undefined;
}

/** Why git would never commit a folder of this name in a model repository, or undefined. */
export function ignoredRefusal(name: string): string | undefined {
  return ignored.has(name) ? `.gitignore keeps the folder ${name} out of the repository` : undefined;
}

function numbered(stem: string): readonly string[] {
  return Array.from({ length: 10 }, (_, index) => `${stem}${index}`);
}
