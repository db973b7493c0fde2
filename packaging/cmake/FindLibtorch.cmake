# Finds libtorch inside a Python environment without importing torch and without find_package(Torch),
# which fails for the PyPI wheel unless a full CUDA toolkit of its architecture list is installed.
#
# In:  SHORTLIST_TORCH_ROOT   the `torch` folder (holding include/ and lib/); wins when set
#      SHORTLIST_ENV_DIR      the project's environment (packaging/install-libtorch makes it)
# Out: Libtorch::cpu          torch_cpu + c10
#      Libtorch::cuda         torch_cuda + c10_cuda + cudart, when the wheel carries them
#      Libtorch_VERSION, Libtorch_LIBRARY_DIR, Libtorch_CUDART
set(SHORTLIST_TORCH_ROOT "" CACHE PATH "the torch folder with include/ and lib/")
set(SHORTLIST_ENV_DIR "$ENV{SHORTLIST_ENV_DIR}" CACHE PATH "the project's Python environment")

set(_root "${SHORTLIST_TORCH_ROOT}")
if(NOT _root)
  if(SHORTLIST_ENV_DIR)
    set(_env "${SHORTLIST_ENV_DIR}")
  elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(_env "$ENV{XDG_CACHE_HOME}/shortlist/env")
  else()
    set(_env "$ENV{HOME}/.cache/shortlist/env")
  endif()
  if(EXISTS "${_env}/bin/python3")
    execute_process(
      COMMAND "${_env}/bin/python3" -c
              "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"
      OUTPUT_VARIABLE _root OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
endif()

if(_root AND EXISTS "${_root}/version.py")
  file(STRINGS "${_root}/version.py" _version REGEX "^__version__")
  string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" Libtorch_VERSION "${_version}")
endif()
set(Libtorch_LIBRARY_DIR "${_root}/lib")

include(FindPackageHandleStandardArgs)
find_library(Libtorch_torch_cpu torch_cpu PATHS "${_root}/lib" NO_DEFAULT_PATH)
find_library(Libtorch_c10 c10 PATHS "${_root}/lib" NO_DEFAULT_PATH)
find_path(Libtorch_INCLUDE ATen/core/Tensor.h PATHS "${_root}/include" NO_DEFAULT_PATH)
find_package_handle_standard_args(Libtorch
  REQUIRED_VARS Libtorch_torch_cpu Libtorch_c10 Libtorch_INCLUDE
  VERSION_VAR Libtorch_VERSION
  REASON_FAILURE_MESSAGE "Run packaging/install-libtorch cpu, or set SHORTLIST_TORCH_ROOT to a folder with include/ and lib/.")

if(Libtorch_FOUND AND NOT TARGET Libtorch::cpu)
  add_library(Libtorch::c10 SHARED IMPORTED)
  set_target_properties(Libtorch::c10 PROPERTIES IMPORTED_LOCATION "${Libtorch_c10}")
  add_library(Libtorch::cpu SHARED IMPORTED)
  set_target_properties(Libtorch::cpu PROPERTIES IMPORTED_LOCATION "${Libtorch_torch_cpu}")
  target_include_directories(Libtorch::cpu SYSTEM INTERFACE "${Libtorch_INCLUDE}")
  target_compile_definitions(Libtorch::cpu INTERFACE AT_PER_OPERATOR_HEADERS)
  target_link_libraries(Libtorch::cpu INTERFACE Libtorch::c10)

  # The runtime that torch itself uses: a second copy of cudart in one process would have its own state.
  file(GLOB _cudart "${_root}/../nvidia/cu13/lib/libcudart.so.13" "${_root}/../nvidia/cuda_runtime/lib/libcudart.so.1*"
       "${_root}/lib/libcudart*.so.1*")
  if(_cudart)
    list(GET _cudart 0 Libtorch_CUDART)
    get_filename_component(Libtorch_CUDART "${Libtorch_CUDART}" REALPATH)
  endif()
  find_library(Libtorch_torch_cuda torch_cuda PATHS "${_root}/lib" NO_DEFAULT_PATH)
  find_library(Libtorch_c10_cuda c10_cuda PATHS "${_root}/lib" NO_DEFAULT_PATH)
  if(Libtorch_torch_cuda AND Libtorch_c10_cuda AND Libtorch_CUDART)
    add_library(Libtorch::cuda SHARED IMPORTED)
    set_target_properties(Libtorch::cuda PROPERTIES IMPORTED_LOCATION "${Libtorch_c10_cuda}")
    target_link_libraries(Libtorch::cuda INTERFACE Libtorch::cpu "${Libtorch_CUDART}")
  endif()
endif()
mark_as_advanced(Libtorch_torch_cpu Libtorch_c10 Libtorch_INCLUDE Libtorch_torch_cuda Libtorch_c10_cuda)
