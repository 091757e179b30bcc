/** Installers, whose `run` a set-up script calls. */
export const INSTALLS: RegExp =
  /(^|\.)(install|develop|egg_info|build_py|sdist|bdist_egg|easy_install|install_lib|install_scripts)$/;
/** Their `start` calls `run`. */
export const STARTED: RegExp = /(^|\.)(Thread|Timer|Process)$/;
export const LOADED: RegExp =
  /(PreTrained\w*|Pretrained\w*|Module|Pipeline|Tokenizer\w*|Processor\w*|Mixin|Model|Config|Layer|PythonModel|BaseHandler)$/;
export const SUBCLASSED: readonly string[] = ["__init_subclass__", "__new__", "__prepare__"];
export const METACLASS: readonly string[] = ["__new__", "__prepare__", "__init__", "__call__"];
export const LOADING: readonly string[] =
  "__init__ __setstate__ forward call __call__ from_pretrained from_config predict load_context initialize".split(
    " ",
  );
