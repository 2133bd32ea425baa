# Read by CPack each time: what is known only then.

# The pages are packed where they have been built.
if(NOT EXISTS ${CPACK_EXITBUS_PAGES}/index.html)
  list(REMOVE_ITEM CPACK_COMPONENTS_ALL pages)
endif()
